/** The pages of Adit in the Felix web console. Nothing here is exported. */
package io.adit.console;
