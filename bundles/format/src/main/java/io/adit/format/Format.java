package io.adit.format;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import aQute.bnd.annotation.xml.XMLAttribute;

/**
 * Which texts a property may have, beside its {@code AttributeDefinition}, as a range says it of a number. bnd writes it into the Metatype, where
 * io.adit.config finds it, and whoever writes the documentation. Of a property with several values each has to be such.
 */
@XMLAttribute(namespace = "io.adit.format.v1", prefix = "adit", embedIn = "*")
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Format {

    /** What is looked at besides the pattern: what a pattern would say badly, or not at all. */
    enum Kind {
        TEXT,
        /** It has to be a path to this machine's file system, with no name of more than 200 bytes. */
        PATH,
        /** It has to be a filter of OSGi. */
        FILTER,
        /** It may have international host names; what the pattern gets is what they are in ASCII (RFC 5891). */
        HOST
    }

    /** What the text has to match as a whole. Groups that repeat are possessive, so that no text takes long, and none needs a deep stack. */
    String pattern();

    /** The same for people, to go on after "must be". */
    String is();

    Kind kind() default Kind.TEXT;
}
