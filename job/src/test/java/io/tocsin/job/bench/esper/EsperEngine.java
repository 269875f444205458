package io.tocsin.job.bench.esper;

import com.espertech.esper.common.client.EPCompiled;
import com.espertech.esper.common.client.configuration.Configuration;
import com.espertech.esper.common.client.util.StatementProperty;
import com.espertech.esper.common.client.util.StatementType;
import com.espertech.esper.compiler.client.CompilerArguments;
import com.espertech.esper.compiler.client.EPCompileException;
import com.espertech.esper.compiler.client.EPCompilerProvider;
import com.espertech.esper.runtime.client.EPDeployException;
import com.espertech.esper.runtime.client.EPDeployment;
import com.espertech.esper.runtime.client.EPEventService;
import com.espertech.esper.runtime.client.EPRuntime;
import com.espertech.esper.runtime.client.EPRuntimeProvider;
import com.espertech.esper.runtime.client.EPStatement;
import io.tocsin.detection.Detection;
import io.tocsin.detection.DetectionCatalog;
import io.tocsin.detection.SigmaDetection;
import io.tocsin.event.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Esper with the detections over audit records: in memory, one process, event time by an external timer. */
final class EsperEngine implements AutoCloseable {
    private static final String TYPE = AuditRequest.class.getSimpleName();
    /** How Esper names statements that only feed others. */
    private static final String UNNAMED = "stmt-";
    /** Of a second: what windows of minutes need. */
    private static final long TICK_MILLIS = 1_000;

    private final EPRuntime runtime;
    private final EPEventService events;
    private final Map<String, LongAdder> matches = new ConcurrentHashMap<>();
    private final AtomicLong now = new AtomicLong();
    private final Statements statements;

    private EsperEngine(String name, Statements statements) throws EPDeployException {
        Configuration configuration = configuration();
        configuration.getRuntime().getThreading().setInternalTimerEnabled(false);
        // What is told of first does not matter, and waiting for one another would cost the threads.
        configuration.getRuntime().getThreading().setListenerDispatchPreserveOrder(false);
        configuration.getRuntime().getThreading().setInsertIntoDispatchPreserveOrder(false);
        this.statements = statements;
        runtime = EPRuntimeProvider.getRuntime(name, configuration);
        runtime.initialize();
        events = runtime.getEventService();
        events.advanceTime(0);
        for (EPCompiled module : statements.modules) {
            deploy(module);
        }
    }

    /**
     * What Esper runs, compiled.
     *
     * @param modules the stateful detections, and the rules
     * @param rules how many rules stand among them
     * @param leftOut the rules that do not
     */
    record Statements(List<EPCompiled> modules, int rules, List<String> leftOut) {
        /** Compiles them; it takes seconds. */
        static Statements compile() throws EPCompileException, IOException {
            CompilerArguments arguments = new CompilerArguments(configuration());
            StringBuilder written = new StringBuilder();
            List<String> leftOut = new ArrayList<>();
            int rules = 0;
            for (Detection<?> detection : DetectionCatalog.load().all()) {
                if (detection instanceof SigmaDetection sigma
                        && sigma.rule().sources().contains(Source.KUBERNETES_AUDIT)) {
                    String statement = RuleStatements.of(sigma.rule());
                    if (statement == null) {
                        leftOut.add(sigma.rule().id());
                    } else {
                        written.append(statement).append(";\n");
                        rules++;
                    }
                }
            }
            return new Statements(
                    List.of(
                            EPCompilerProvider.getCompiler().compile(resource(), arguments),
                            EPCompilerProvider.getCompiler().compile(written.toString(), arguments)),
                    rules,
                    List.copyOf(leftOut));
        }
    }

    /** An engine with these; it knows nothing yet. */
    static EsperEngine of(String name, Statements statements) throws EPDeployException {
        return new EsperEngine(name, statements);
    }

    private static Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.getCommon().addEventType(TYPE, AuditRequest.class);
        for (String function : List.of("bodyIs", "bodyStarts", "bodyFinds", "bodyHas", "commandFinds")) {
            configuration.getCompiler().addPlugInSingleRowFunction(function, RequestBodies.class.getName(), function);
        }
        return configuration;
    }

    private static String resource() throws IOException {
        try (InputStream in = EsperEngine.class.getResourceAsStream("/bench/audit.epl")) {
            if (in == null) {
                throw new IOException("/bench/audit.epl is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void deploy(EPCompiled compiled) throws EPDeployException {
        EPDeployment deployment = runtime.getDeploymentService().deploy(compiled);
        for (EPStatement statement : deployment.getStatements()) {
            if (isAlert(statement)) {
                LongAdder count = matches.computeIfAbsent(statement.getName(), any -> new LongAdder());
                statement.addListener((news, olds, source, service) -> count.add(news == null ? 0 : news.length));
            }
        }
    }

    private static boolean isAlert(EPStatement statement) {
        return !statement.getName().startsWith(UNNAMED)
                && statement.getProperty(StatementProperty.STATEMENTTYPE) == StatementType.SELECT;
    }

    /** Hands in a record, with the clock moved on to it. */
    void send(AuditRequest request) {
        long tick = request.getTime() / TICK_MILLIS * TICK_MILLIS;
        long last = now.get();
        if (tick > last && now.compareAndSet(last, tick)) {
            events.advanceTime(tick);
        }
        events.sendEventBean(request, TYPE);
    }

    /** What it runs, in words. */
    String words() {
        return "%d statements that tell of something, %d of them rules; left out, since EPL does not say them without more of Tocsin's own code: %s"
                .formatted(matches.size(), statements.rules, statements.leftOut);
    }

    /** What was found: statement and how often. */
    Map<String, Long> matches() {
        Map<String, Long> found = new TreeMap<>();
        matches.forEach((name, count) -> {
            if (count.sum() > 0) {
                found.put(name, count.sum());
            }
        });
        return found;
    }

    @Override
    public void close() {
        runtime.destroy();
    }
}
