package io.adit.accesslog;

import io.adit.api.RequestListener.Begin;
import io.adit.api.RequestListener.End;

/** Makes the line for a request, without a line end. Thread-safe. */
interface Line {

    String of(Begin begin, End end);
}
