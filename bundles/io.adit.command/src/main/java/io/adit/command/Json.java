package io.adit.command;

import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.adit.api.Check;
import io.adit.api.CheckReport;
import io.adit.api.DomainManager.Domain;
import io.adit.api.ProxyManager.ProxyInfo;
import io.adit.api.Quota;
import io.adit.api.RegistrationManager.NameInfo;
import io.adit.api.RegistrationManager.Released;
import io.adit.api.Terms;
import io.adit.api.TermsText;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonConfig;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParserFactory;
import org.eclipse.parsson.JsonProviderImpl;

/** Between our values and JSON (RFC 8259). Stateless. */
final class Json {

    /** Not by its service loader, which wants the caller's class loader to know it. */
    private static final JsonProvider PROVIDER = new JsonProviderImpl();
    private static final int MOST_DEPTH = 16;
    private static final Map<String, Object> CONFIG = Map.of("org.eclipse.parsson.maxDepth", MOST_DEPTH,
            JsonConfig.KEY_STRATEGY, JsonConfig.KeyStrategy.NONE);
    private static final JsonReaderFactory READERS = PROVIDER.createReaderFactory(CONFIG);
    private static final JsonParserFactory PARSERS = PROVIDER.createParserFactory(CONFIG);

    private Json() {
    }

    static JsonObjectBuilder object() {
        return PROVIDER.createObjectBuilder();
    }

    static JsonArrayBuilder array() {
        return PROVIDER.createArrayBuilder();
    }

    /** @param known the members that it may have */
    static JsonObject read(byte[] body, Set<String> known) throws Problem {
        if (!(value(body) instanceof JsonObject object)) {
            throw Problem.badRequest("the body is no JSON object");
        }
        for (String member : object.keySet()) {
            if (!known.contains(member)) {
                throw Problem.badRequest("there is no '" + Text.printable(member) + "': " + String.join(", ", known.stream().sorted().toList()));
            }
        }
        return object;
    }

    /** The parser sees what follows the value, the reader that a member is there twice. */
    private static JsonStructure value(byte[] body) throws Problem {
        try (JsonParser parser = PARSERS.createParser(new ByteArrayInputStream(body));
                JsonReader reader = READERS.createReader(new ByteArrayInputStream(body))) {
            while (parser.hasNext()) {
                parser.next();
            }
            return reader.read();
        } catch (RuntimeException e) { // what is nested too deeply is none of JSON's exceptions
            throw Problem.badRequest("the body is not JSON: " + Text.printable(String.valueOf(e.getMessage())));
        }
    }

    /** The text that must be there. */
    static String text(JsonObject object, String member) throws Problem {
        if (object.get(member) instanceof JsonString text) {
            return text.getString();
        }
        throw Problem.badRequest("'" + member + "' must be there, and a text");
    }

    static boolean flag(JsonObject object, String member) throws Problem {
        JsonValue value = object.getOrDefault(member, JsonValue.FALSE);
        if (value != JsonValue.TRUE && value != JsonValue.FALSE) {
            throw Problem.badRequest("'" + member + "' must be true or false");
        }
        return value == JsonValue.TRUE;
    }

    static int number(JsonObject object, String member) throws Problem {
        if (object.get(member) instanceof JsonNumber number) {
            return (int) whole(member, number, Integer.MIN_VALUE, Integer.MAX_VALUE);
        }
        throw Problem.badRequest("'" + member + "' must be there, and a number");
    }

    private static long whole(String member, JsonNumber number, long least, long most) throws Problem {
        BigDecimal value = number.bigDecimalValue();
        // never expanded: 1e999999999 is short
        if (value.precision() - (long) value.scale() > 19 || value.scale() > 19 || value.stripTrailingZeros().scale() > 0
                || value.compareTo(BigDecimal.valueOf(least)) < 0 || value.compareTo(BigDecimal.valueOf(most)) > 0) {
            throw Problem.badRequest("'" + member + "' must be a whole number in " + least + ".." + most);
        }
        return value.longValueExact();
    }

    /**
     * Other terms: what is not mentioned stays as it is, and what is null becomes the default (RFC 7396).
     *
     * @throws IllegalArgumentException with one line, for a value that cannot be
     */
    static Terms terms(JsonObject object, Terms before, Instant now) throws Problem {
        Terms terms = before;
        if (object.containsKey("expires")) {
            terms = terms.withExpires(object.isNull("expires") ? Optional.empty() : TermsText.expires(text(object, "expires"), now));
        }
        if (object.containsKey("quota")) {
            terms = terms.withQuota(quota(object.get("quota"), terms.quota()));
        }
        if (object.containsKey("notify")) {
            terms = terms.withNotified(object.isNull("notify") ? List.of() : texts(object, "notify"));
        }
        if (object.containsKey("peers")) {
            terms = terms.withPeers(object.isNull("peers") ? 1 : number(object, "peers"));
        }
        return terms;
    }

    private static Quota quota(JsonValue value, Quota before) throws Problem {
        if (value == JsonValue.NULL) {
            return Quota.DEFAULTS;
        } else if (value instanceof JsonString text) {
            return TermsText.quota(text.getString(), before);
        } else if (!(value instanceof JsonObject)) {
            throw Problem.badRequest("'quota' must be an object or a text");
        }
        Quota quota = before;
        for (Map.Entry<String, JsonValue> limit : value.asJsonObject().entrySet()) {
            quota = TermsText.with(quota, limit.getKey(), limit(limit.getKey(), limit.getValue()));
        }
        return quota;
    }

    private static long limit(String what, JsonValue value) throws Problem {
        if (value == JsonValue.NULL) {
            return Quota.DEFAULT;
        } else if (value instanceof JsonNumber number) {
            long limit = whole(Text.printable(what), number, 0, Quota.MOST_BANDWIDTH);
            return limit == 0 ? Quota.NONE : limit;
        }
        throw Problem.badRequest("'" + Text.printable(what) + "' must be a number or null");
    }

    private static List<String> texts(JsonObject object, String member) throws Problem {
        List<String> texts = new ArrayList<>();
        if (object.get(member).getValueType() == JsonValue.ValueType.ARRAY) {
            for (JsonValue value : object.getJsonArray(member)) {
                if (value instanceof JsonString text) {
                    texts.add(text.getString());
                } else {
                    throw Problem.badRequest("'" + member + "' must be a list of texts");
                }
            }
            return texts;
        }
        throw Problem.badRequest("'" + member + "' must be a list of texts");
    }

    /** @param effective the quota with the configured defaults */
    static JsonObjectBuilder of(NameInfo info, Quota effective, Instant now) {
        Terms terms = info.terms();
        JsonObjectBuilder object = object().add("name", info.name()).add("state", info.state()).add("since", info.since().toString());
        object.add("codec", info.codec() == 0 ? JsonValue.NULL : PROVIDER.createValue(info.codec()));
        object.add("expires", terms.expires().<JsonValue>map(end -> PROVIDER.createValue(end.toString())).orElse(JsonValue.NULL));
        object.add("secondsLeft", terms.left(now).<JsonValue>map(left -> PROVIDER.createValue(left.toSeconds())).orElse(JsonValue.NULL));
        object.add("quota", of(terms.quota())).add("effectiveQuota", of(effective));
        JsonArrayBuilder notify = array();
        terms.notified().forEach(notify::add);
        return object.add("notify", notify).add("peers", terms.peers()).add("connected", info.peers());
    }

    private static JsonObjectBuilder of(Quota quota) {
        return object().add("streams", limit(quota.streams())).add("rate", limit(quota.rate())).add("bandwidth", limit(quota.bandwidth()));
    }

    private static JsonValue limit(long limit) {
        return limit == Quota.DEFAULT ? JsonValue.NULL : PROVIDER.createValue(limit == Quota.NONE ? 0 : limit);
    }

    static JsonObjectBuilder of(Released released) {
        return object().add("name", released.name()).add("since", released.since().toString()).add("until", released.until().toString()).add("renamed",
                released.renamed().isEmpty() ? JsonValue.NULL : PROVIDER.createValue(released.renamed()));
    }

    static JsonObjectBuilder of(Domain domain) {
        return object().add("domain", domain.domain()).add("name", domain.name()).add("record", domain.record()).add("value", domain.value())
                .add("state", domain.state()).add("since", domain.since().toString())
                .add("problem", domain.problem().isEmpty() ? JsonValue.NULL : PROVIDER.createValue(domain.problem()));
    }

    static JsonObjectBuilder of(ProxyInfo info) {
        return object().add("name", info.name()).add("state", info.state()).add("since", info.since().toString())
                .add("tunnel", info.tunnel().isEmpty() ? JsonValue.NULL : PROVIDER.createValue(info.tunnel())).add("peers", info.peers())
                .add("capacity", info.capacity());
    }

    static JsonObjectBuilder of(CheckReport report) {
        JsonArrayBuilder checks = array();
        for (Check check : report.checks()) {
            JsonObjectBuilder each = object().add("name", check.name()).add("state", check.state().name()).add("text", check.text()).add("advice", check.advice());
            if (check.millis() >= 0) {
                each.add("millis", Math.rint(check.millis() * 100) / 100);
            }
            checks.add(each);
        }
        return object().add("ok", report.ok()).add("verdict", report.verdict()).add("checks", checks);
    }
}
