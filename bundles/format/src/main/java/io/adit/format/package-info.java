/**
 * How a bundle says which texts a property of its configuration may have. Nothing of it is there at run time: bnd writes the annotations into the Metatype,
 * and the compiler copies the constants.
 */
package io.adit.format;
