package io.adit.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;

import io.adit.api.ErrorCode;
import io.adit.api.PeerEvent;
import io.adit.api.PeerEvent.Kind;
import io.adit.api.PeerListener;

/** Counts what happens to names, and the registrations that are refused. Thread-safe; nothing blocks. */
final class Events implements PeerListener {

    private final Map<Kind, LongAdder> kinds = new EnumMap<>(Kind.class);
    private final Map<ErrorCode, LongAdder> refusals = new EnumMap<>(ErrorCode.class);

    Events() {
        for (Kind kind : new Kind[] {Kind.INVITED, Kind.REVOKED, Kind.MOVED}) {
            kinds.put(kind, new LongAdder());
        }
        for (ErrorCode code : ErrorCode.values()) {
            refusals.put(code, new LongAdder());
        }
    }

    @Override
    public void happened(PeerEvent event) {
        if (event.kind() == Kind.REFUSED) {
            refusals.get(event.code()).increment();
        } else {
            // of sessions the engine has the numbers, and here those that are there are told of again after an update of the registry
            LongAdder count = kinds.get(event.kind());
            if (count != null) {
                count.increment();
            }
        }
    }

    void kinds(ObjLongConsumer<Kind> each) {
        kinds.forEach((kind, count) -> each.accept(kind, count.sum()));
    }

    /** Those that there were, and {@link ErrorCode#NONE}. */
    void refusals(ObjLongConsumer<ErrorCode> each) {
        refusals.forEach((code, count) -> {
            long sum = count.sum();
            if (sum > 0 || code == ErrorCode.NONE) {
                each.accept(code, sum);
            }
        });
    }
}
