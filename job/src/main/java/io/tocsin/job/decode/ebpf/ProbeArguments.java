package io.tocsin.job.decode.ebpf;

import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a probed function: a list of tagged values in the order of the function's own, of which a policy may leave some
 * out. What was read is held until the next call.
 */
final class ProbeArguments {
    private static final int MAX_ARGUMENTS = 32;
    private static final int WRITES = 2 | 8;
    private static final int OPEN_FOR_WRITING = 1 | 2;

    private final ObjectList list;
    private @Nullable String file;
    private @Nullable String firstText;
    private @Nullable String secondText;
    private @Nullable String source;
    private @Nullable String destination;
    private @Nullable String protocol;
    private int sourcePort;
    private int destinationPort;
    /** The number behind the string, and the first number. */
    private long behindText;

    private long number;

    ProbeArguments(DecoderOptions options, JsonValues values) {
        this.list = new ObjectList(
                options,
                values,
                "string_arg",
                "int_arg",
                "uint_arg",
                "file_arg/path",
                "path_arg/path",
                "linux_binprm_arg/path",
                "module_arg/name",
                "sock_arg/saddr",
                "sock_arg/sport",
                "sock_arg/daddr",
                "sock_arg/dport",
                "sock_arg/protocol",
                "skb_arg/saddr",
                "skb_arg/sport",
                "skb_arg/daddr",
                "skb_arg/dport",
                "skb_arg/protocol",
                "sockaddr_arg/addr",
                "sockaddr_arg/port");
    }

    /** Reads them; null are none. */
    void read(String name, @Nullable RecordBytes array) throws BadRecord {
        file = null;
        firstText = null;
        secondText = null;
        source = null;
        destination = null;
        protocol = null;
        sourcePort = 0;
        destinationPort = 0;
        behindText = 0;
        number = 0;
        list.over(name, array);
        boolean numbered = false;
        boolean behind = false;
        int read = 0;
        for (Projection a = list.next(); a != null && read < MAX_ARGUMENTS; a = list.next()) {
            read++;
            for (String path : List.of("file_arg/path", "path_arg/path", "linux_binprm_arg/path", "module_arg/name")) {
                file = file == null ? a.text(path) : file;
            }
            String text = a.text("string_arg");
            if (text != null) {
                secondText = firstText == null || secondText != null ? secondText : text;
                firstText = firstText == null ? text : firstText;
            }
            for (String path : List.of("int_arg", "uint_arg")) {
                if (a.has(path)) {
                    long value = a.integer(path, Integer.MIN_VALUE, 0xffff_ffffL, 0);
                    behindText = firstText != null && !behind ? value : behindText;
                    behind |= firstText != null;
                    number = numbered ? number : value;
                    numbered = true;
                }
            }
            connection(a);
        }
    }

    private void connection(Projection a) throws BadRecord {
        for (String socket : List.of("sock_arg/", "skb_arg/")) {
            String to = a.name(socket + "daddr");
            if (to != null && destination == null) {
                source = a.name(socket + "saddr");
                destination = to;
                sourcePort = port(a, socket + "sport");
                destinationPort = port(a, socket + "dport");
                String name = a.name(socket + "protocol");
                protocol = name == null
                        ? null
                        : name.substring(name.lastIndexOf('_') + 1).toLowerCase(Locale.ROOT);
            }
        }
        String to = a.name("sockaddr_arg/addr");
        if (to != null && destination == null) {
            destination = to;
            destinationPort = port(a, "sockaddr_arg/port");
        }
    }

    private static int port(Projection a, String path) throws BadRecord {
        return (int) a.integer(path, 0, 65_535, 0);
    }

    /** The file that a function of this verb is about, null if there is none. */
    @Nullable
    String file(String verb) {
        if (file != null || !KernelFunctions.stringIsFile(verb)) {
            return file;
        }
        return verb.equals(KernelFunctions.MOUNT) && secondText != null ? secondText : firstText;
    }

    /** Whether a function that opens files or checks the permission to do so is asked to write. */
    boolean writes(String function) {
        return function.endsWith("file_permission")
                ? (number & WRITES) != 0
                : function.contains("open") && firstText != null && (behindText & OPEN_FOR_WRITING) != 0;
    }

    /** The address at this end of the connection. */
    @Nullable
    String source() {
        return source;
    }

    int sourcePort() {
        return sourcePort;
    }

    /** The address at the other end. */
    @Nullable
    String destination() {
        return destination;
    }

    int destinationPort() {
        return destinationPort;
    }

    @Nullable
    String protocol() {
        return protocol;
    }
}
