package io.adit.itests.checksum;

import java.util.Dictionary;
import java.util.Hashtable;

import io.adit.api.packet.PacketCodec;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers the example codec while its bundle is active. The framework unregisters it when the bundle stops. */
public final class Activator implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        ChecksumCodec codec = new ChecksumCodec();
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(PacketCodec.VERSION, codec.version());
        context.registerService(PacketCodec.class, codec, properties);
    }

    @Override
    public void stop(BundleContext context) {
        // the framework unregisters what was registered
    }
}
