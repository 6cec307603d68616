package io.adit.share;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of one shared folder; the texts and the units are in {@code OSGI-INF/l10n/io.adit.share.properties}. */
@ObjectClassDefinition(id = ShareComponent.PID, localization = "OSGI-INF/l10n/io.adit.share", name = "%ocd.name", description = "%ocd.description")
@interface ShareConfig {

    @AttributeDefinition(name = "%folder.name", description = "%folder.description")
    String folder() default "";

    @AttributeDefinition(name = "%path.name", description = "%path.description", required = false)
    String path() default "/";

    @AttributeDefinition(name = "%http.target.name", description = "%http.target.description", required = false)
    String http_target() default "(org.apache.felix.http.name=content)";

    @AttributeDefinition(name = "%title.name", description = "%title.description", required = false)
    String title() default "";

    @AttributeDefinition(name = "%index.name", description = "%index.description", required = false)
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
