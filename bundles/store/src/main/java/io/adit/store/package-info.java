/**
 * What a bundle keeps in a relational database. A library, copied into the bundles that use it, with what it uses of MyBatis Migrations; it wants JDBC and,
 * for the embedded database, H2.
 */
package io.adit.store;
