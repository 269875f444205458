package io.tocsin.job.bench.kafka;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.flink.util.FileUtils;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;

/** A Kafka broker in a process of its own, from Maven's jars, on the loopback interface: what it takes is not counted as the job's. */
public final class KafkaProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Process process;
    private final Path folder;
    private final String servers;

    private KafkaProcess(Process process, Path folder, String servers) {
        this.process = process;
        this.folder = folder;
        this.servers = servers;
    }

    /** Starts one, with its data in a new folder below. */
    public static KafkaProcess start(Path below) throws IOException, InterruptedException {
        Files.createDirectories(below);
        Path folder = Files.createTempDirectory(below, "kafka");
        int port = freePort();
        int controller = freePort();
        Path settings = folder.resolve("server.properties");
        Files.writeString(settings, settings(folder, port, controller), StandardCharsets.UTF_8);
        Process format = java(
                folder,
                "kafka.tools.StorageTool",
                "format",
                "-t",
                Uuid.randomUuid().toString(),
                "-c",
                settings.toString());
        if (!format.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) || format.exitValue() != 0) {
            format.destroyForcibly();
            throw new IOException("kafka storage was not formatted; see " + folder.resolve("out.log"));
        }
        Process broker = java(folder, KafkaBroker.class.getName(), settings.toString());
        KafkaProcess kafka = new KafkaProcess(broker, folder, "127.0.0.1:" + port);
        long start = System.nanoTime();
        while (!answers(port)) {
            if (!broker.isAlive() || System.nanoTime() - start > PATIENCE.toNanos()) {
                broker.destroyForcibly();
                throw new IOException("kafka did not start; see " + folder.resolve("out.log"));
            }
            Thread.sleep(200);
        }
        return kafka;
    }

    private static String settings(Path folder, int port, int controller) {
        return String.join(
                "\n",
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.voters=1@127.0.0.1:" + controller,
                "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller,
                "controller.listener.names=CONTROLLER",
                "log.dirs=" + folder.resolve("data"),
                "offsets.topic.replication.factor=1",
                "offsets.topic.num.partitions=1",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "transaction.state.log.num.partitions=1",
                "share.coordinator.state.topic.replication.factor=1",
                "share.coordinator.state.topic.min.isr=1",
                "group.initial.rebalance.delay.ms=0",
                "auto.create.topics.enable=false",
                "");
    }

    private static Process java(Path folder, String main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                main));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("out.log").toFile()))
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** {@code host:port}. */
    public String servers() {
        return servers;
    }

    /** Makes a topic whose messages are stamped when the broker appends them. */
    public void createTopic(String name, int partitions) throws Exception {
        try (Admin admin = Admin.create(client())) {
            NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty())
                    .configs(Map.of("message.timestamp.type", "LogAppendTime"));
            admin.createTopics(List.of(topic)).all().get();
        }
    }

    /** What each client needs. */
    public Properties client() {
        Properties client = new Properties();
        client.setProperty("bootstrap.servers", servers);
        return client;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        FileUtils.deleteDirectoryQuietly(folder.toFile());
    }
}
