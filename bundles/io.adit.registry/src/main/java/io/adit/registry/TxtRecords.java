package io.adit.registry;

import java.util.HashSet;
import java.util.Hashtable;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import javax.naming.CommunicationException;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

/**
 * TXT records, from name servers by the JDK's DNS client: UDP, and TCP where an answer is cut short. Thread-safety: thread-safe; waits for name servers.
 */
final class TxtRecords {

    private static final String FACTORY = "com.sun.jndi.dns.DnsContextFactory";
    /** How often each server is asked; the time-out doubles each time. */
    private static final String ATTEMPTS = "2";

    private final String servers;
    private final int timeoutMillis;

    /** There are none, or nobody knows; the message is one line that says which. */
    static final class NotFoundException extends Exception {
        private static final long serialVersionUID = 1L;

        NotFoundException(String message) {
            super(message, null, false, false);
        }
    }

    /** @param servers HOST:PORT each, IP addresses; none: those of the system */
    TxtRecords(List<String> servers, int timeoutMillis) {
        this.servers = servers.isEmpty() ? "dns:" : servers.stream().map(server -> "dns://" + server).collect(Collectors.joining(" "));
        this.timeoutMillis = timeoutMillis;
    }

    /** The texts of all TXT records of that name. */
    Set<String> of(String name) throws NotFoundException {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, FACTORY);
        environment.put(Context.PROVIDER_URL, servers);
        environment.put("com.sun.jndi.dns.timeout.initial", Integer.toString(timeoutMillis));
        environment.put("com.sun.jndi.dns.timeout.retries", ATTEMPTS);
        // JNDI looks for the factory by the thread's class loader: it is the platform's, and not one of a bundle that has it by chance
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(ClassLoader.getSystemClassLoader());
        try {
            return look(environment, name);
        } catch (NameNotFoundException e) {
            throw new NotFoundException("there is no " + name);
        } catch (CommunicationException e) {
            throw new NotFoundException("no name server answers for " + name);
        } catch (NamingException e) {
            throw new NotFoundException("a name server fails for " + name + ": " + Names.printable(String.valueOf(e.getMessage())));
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static Set<String> look(Hashtable<String, String> environment, String name) throws NamingException, NotFoundException {
        DirContext context = new InitialDirContext(environment);
        try {
            // with the dot: no search list; and a name is no composite one
            Attribute records = context.getAttributes(new javax.naming.CompositeName().add(name + "."), new String[] {"TXT"}).get("TXT");
            if (records == null) {
                throw new NotFoundException("there is no TXT record at " + name);
            }
            Set<String> texts = new HashSet<>();
            NamingEnumeration<?> all = records.getAll();
            while (all.hasMore()) {
                texts.add(String.valueOf(all.next()));
            }
            return texts;
        } finally {
            context.close();
        }
    }
}
