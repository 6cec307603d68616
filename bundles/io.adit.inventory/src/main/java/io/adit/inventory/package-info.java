/** All that somebody who helps wants to know, for Felix's inventory. */
package io.adit.inventory;
