package io.adit.metrics;

import java.util.Map;

/** The requests of one side, by JMX ({@code io.adit:type=Requests,side=proxy}, or {@code peer}). Counts begin with the bundle. */
public interface RequestsMXBean {

    /** Of those that ended. */
    long getRequests();

    int getInFlight();

    /** By the first digit of the status: none, 1xx, ... 5xx. */
    Map<String, Long> getRequestsByStatus();

    /** By kind and error, as {@code own/offline}. */
    Map<String, Long> getErrors();

    long getRequestBytes();

    long getResponseBytes();

    /** Of all so far; 0 while there are none. */
    double getMeanDurationMillis();
}
