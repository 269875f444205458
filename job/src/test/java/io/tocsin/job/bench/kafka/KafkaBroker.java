package io.tocsin.job.bench.kafka;

import java.io.IOException;

/** A broker that ends with the process that started it, however that one ends: then its standard input does. */
public final class KafkaBroker {
    private KafkaBroker() {}

    /** Runs a broker with these settings; a file. */
    public static void main(String[] arguments) {
        Thread watch = new Thread(KafkaBroker::endWithInput, "end with parent");
        watch.setDaemon(true);
        watch.start();
        kafka.Kafka.main(arguments);
    }

    private static void endWithInput() {
        try {
            while (System.in.read() >= 0) {
                // nobody writes anything
            }
        } catch (IOException e) {
            // as good as its end
        }
        Runtime.getRuntime().exit(0);
    }
}
