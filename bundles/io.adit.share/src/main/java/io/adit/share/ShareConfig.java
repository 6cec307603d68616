package io.adit.share;

import io.adit.format.Format;
import io.adit.format.Formats;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of one shared folder; the texts and the units are in {@code OSGI-INF/l10n/io.adit.share.properties}. */
@ObjectClassDefinition(id = ShareComponent.PID, localization = "OSGI-INF/l10n/io.adit.share", name = "%ocd.name", description = "%ocd.description")
@interface ShareConfig {

    @AttributeDefinition(name = "%folder.name", description = "%folder.description")
    @Format(pattern = Formats.PATH, is = Formats.PATH_WORDS, kind = Format.Kind.PATH)
    String folder() default "";

    @AttributeDefinition(name = "%path.name", description = "%path.description", required = false)
    @Format(pattern = "/|(?:/(?!\\.{1,2}(?:/|\\z))[^/*\\p{Cc}]++)++/?+", is = "an absolute URL path without '*', empty or dot segments")
    String path() default "/";

    @AttributeDefinition(name = "%http.target.name", description = "%http.target.description", required = false)
    @Format(pattern = Formats.FILTER, is = Formats.FILTER_WORDS, kind = Format.Kind.FILTER)
    String http_target() default "(org.apache.felix.http.name=content)";

    @AttributeDefinition(name = "%title.name", description = "%title.description", required = false)
    @Format(pattern = Formats.BLANKS + "[^\\p{Cc}\\u2028\\u2029]{0,200}+", is = "one line of at most 200 characters")
    String title() default "";

    @AttributeDefinition(name = "%index.name", description = "%index.description", required = false)
    @Format(pattern = "(?!\\s*+\\.{1,2}\\s*+\\z)[^/\\p{Cc}]*+", is = "a file name, or empty", kind = Format.Kind.PATH)
    String index() default "index.html";

    @AttributeDefinition(name = "%listing.name", description = "%listing.description", required = false)
    boolean listing() default true;

    @AttributeDefinition(name = "%hidden.name", description = "%hidden.description", required = false)
    boolean hidden() default false;

    @AttributeDefinition(name = "%cache.seconds.name", description = "%cache.seconds.description", required = false,
        min = "0", max = "31536000")
    int cache_seconds() default 0;

    @AttributeDefinition(name = "%entries.max.name", description = "%entries.max.description", required = false,
        min = "1", max = "10000")
    int entries_max() default 1000;

    @AttributeDefinition(name = "%preview.bytes.name", description = "%preview.bytes.description", required = false,
        min = "0", max = "1073741824")
    long preview_bytes() default 4_194_304;

    @AttributeDefinition(name = "%ranges.max.name", description = "%ranges.max.description", required = false,
        min = "1", max = "100")
    int ranges_max() default 16;

    @AttributeDefinition(name = "%buffer.bytes.name", description = "%buffer.bytes.description", required = false,
        min = "4096", max = "1048576")
    int buffer_bytes() default 65_536;

    @AttributeDefinition(name = "%transfers.max.name", description = "%transfers.max.description", required = false,
        min = "1", max = "100000")
    int transfers_max() default 512;
}
