package io.tocsin.job.decode.host;

import io.tocsin.event.Flow;
import io.tocsin.event.HostProcess;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.ValueReader;
import io.tocsin.network.Network;
import org.jspecify.annotations.Nullable;

/** What the lines of one serial tell together. */
final class AuditdEvent {
    private static final int MAX_ARGUMENTS = 1_024;
    private static final String WRITE = "write";
    /** O_WRONLY and O_RDWR. */
    private static final int FOR_WRITING = 3;
    /** How a path that was made outranks others. */
    private static final int CREATED = 4;

    /** What a login uid is before somebody logs in. */
    private static final String UNSET = "4294967295";

    private final AuditdLine first;
    private @Nullable AuditdFields call;
    private @Nullable AuditdFields said;
    private @Nullable String saidType;
    private @Nullable String text;
    private @Nullable String access;
    private @Nullable String title;
    private @Nullable String directory;
    private @Nullable String file;
    private int fileRank;
    private @Nullable AuditdFields socket;
    private final StringBuilder command = new StringBuilder();
    /** The argument that comes next, and the part of it. */
    private int argument;

    private int part;

    AuditdEvent(AuditdLine first) {
        this.first = first;
    }

    AuditdLine first() {
        return first;
    }

    /** Whether only parts of an event came. */
    boolean isAuxiliary() {
        return call == null && said == null;
    }

    /**
     * Takes a line.
     *
     * @param content all of it but its node
     * @param body its fields
     */
    void add(AuditdLine line, String content, String body) {
        AuditdFields fields = new AuditdFields(body);
        switch (line.type()) {
            case "SYSCALL", "URINGOP" -> {
                call = call == null ? fields : call;
                text = text == null ? content : text;
            }
            case "EXECVE" -> arguments(fields);
            case "PATH" -> path(fields);
            case "CWD" -> directory = directory == null ? fields.text("cwd") : directory;
            case "PROCTITLE" -> title = title == null ? fields.text("proctitle") : title;
            case "SOCKADDR" -> socket = socket == null ? fields : socket;
            default -> {
                if (!AuditdTypes.isAuxiliary(line.type()) && said == null) {
                    said = fields;
                    saidType = line.type();
                    access = access(body, fields);
                    text = content;
                }
            }
        }
    }

    /** The arguments of a program, in as many lines as they need; a long one comes in parts, in more than one of them perhaps. */
    private void arguments(AuditdFields fields) {
        while (argument < MAX_ARGUMENTS && command.length() <= ValueReader.LONG) {
            String name = "a" + argument;
            if (fields.has(name)) {
                String whole = fields.text(name);
                command.append(argument == 0 ? "" : " ").append(whole == null ? "" : whole);
                argument++;
                part = 0;
                continue;
            }
            String piece = fields.text(name + "[" + part + "]");
            if (piece != null) {
                command.append(argument == 0 || part > 0 ? "" : " ").append(piece);
                part++;
            } else if (part > 0 && (fields.has("a" + (argument + 1)) || fields.has("a" + (argument + 1) + "[0]"))) {
                argument++;
                part = 0;
            } else {
                return;
            }
        }
    }

    /** The file an event is about: what it made or took away, else what it used; never the directory that is in. */
    private void path(AuditdFields fields) {
        String type = fields.word("nametype");
        int rank = type == null || type.equals("NORMAL") || type.equals("UNKNOWN")
                ? 2
                : type.equals("CREATE") ? CREATED : type.equals("DELETE") ? 3 : 1;
        String name = fields.text("name");
        if (name != null && rank > fileRank) {
            file = name;
            fileRank = rank;
        }
    }

    /** {@code denied { read }} of SELinux, {@code DENIED} of AppArmor. */
    private static @Nullable String access(String body, AuditdFields fields) {
        int open = body.indexOf('{');
        int close = body.indexOf('}', open + 1);
        for (String verdict : new String[] {"denied", "granted"}) {
            int at = body.indexOf("avc:  " + verdict);
            if (at >= 0 && at < open && close > open) {
                return HostMessages.present(verdict + " " + body.substring(open, close + 1));
            }
        }
        return fields.text("apparmor");
    }

    /** Sets what it tells. The event has been begun. */
    void tell(SecurityEvent.Builder event, Network network) {
        event.message = text == null ? null : HostMessages.present(text, ValueReader.LONG);
        String name = callName();
        boolean byCall = call != null && (saidType == null || AuditdTypes.isAccess(saidType));
        event.verb = byCall
                ? (name == null ? null : opensToWrite(name) ? WRITE : Syscalls.verb(name))
                : saidType == null ? null : AuditdTypes.verb(saidType);
        event.outcome = outcome();
        event.reason = reason();
        who(event);
        subject(event);
        if (said != null) {
            HostMessages.peer(said.word("addr"), event, network);
            if (event.peer == null) {
                HostMessages.peer(said.word("hostname"), event, network);
            }
        }
        event.process = process();
        destination(event, network);
    }

    private @Nullable String callName() {
        if (call == null) {
            return null;
        }
        String named = call.word("SYSCALL");
        return named != null ? named : Syscalls.name(call.word("arch"), call.word("syscall"));
    }

    /** Whether a file is opened to be written, or made, as the flags among the call's arguments tell. */
    private boolean opensToWrite(String name) {
        if (call == null || !Syscalls.verb(name).equals(Syscalls.OPEN)) {
            return false;
        }
        String flags =
                switch (name) {
                    case "open" -> call.word("a1");
                    case "openat", "open_by_handle_at" -> call.word("a2");
                    default -> null; // those of openat2 lie in memory that is not logged
                };
        return name.equals("creat")
                || fileRank == CREATED
                || (flags != null && (hexadecimal(flags) & FOR_WRITING) != 0);
    }

    private static int hexadecimal(String text) {
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0) {
                return 0;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private Outcome outcome() {
        if (access != null && (access.startsWith("denied") || access.equals("DENIED"))) {
            return Outcome.DENIED;
        }
        if (call != null && (said == null || !said.has("res"))) {
            String success = call.word("success");
            if (success == null) {
                return Outcome.UNKNOWN;
            }
            String exit = call.word("exit");
            boolean refused = "-13".equals(exit) || "-1".equals(exit) || "EACCES".equals(exit) || "EPERM".equals(exit);
            return success.equals("yes") ? Outcome.SUCCESS : refused ? Outcome.DENIED : Outcome.ERROR;
        }
        String result = said == null ? null : said.word("res");
        if (result == null) {
            return Outcome.UNKNOWN;
        }
        return switch (result) {
            case "success", "1", "yes" -> Outcome.SUCCESS;
            case "failed", "0", "no" ->
                switch (String.valueOf(saidType)) {
                    case "USER_LOGIN", "USER_AUTH" -> Outcome.UNAUTHENTICATED;
                    case "USER_ACCT", "USER_CMD" -> Outcome.DENIED;
                    default -> Outcome.ERROR;
                };
            default -> Outcome.UNKNOWN;
        };
    }

    /** The key of the rule that was met; else what was refused, or what a program was about to do. */
    private @Nullable String reason() {
        String key = call == null ? null : call.text("key");
        if (key != null) {
            // Several keys of one rule are separated by a byte 1.
            return HostMessages.present(key.replace('\u0001', ','));
        }
        if (access != null || said == null) {
            return access;
        }
        String operation = said.word("op");
        return operation == null ? null : HostMessages.present(operation);
    }

    private void who(SecurityEvent.Builder event) {
        String uid = any("auid");
        boolean known = uid != null && !uid.equals(UNSET) && !uid.equals("-1") && !uid.equals("unset");
        String named = any("AUID");
        String login = !known ? null : named != null && !named.equals("unset") ? named : uid;
        String account = said == null ? null : account(said);
        event.userUid = known ? uid : null;
        boolean logsIn = "USER_LOGIN".equals(saidType) || "USER_LOGOUT".equals(saidType);
        if (account == null || (login != null && !logsIn)) {
            event.user = login;
        } else {
            event.user = HostMessages.present(account);
        }
        boolean other = account != null && !account.equals(event.user);
        if (saidType != null && (AuditdTypes.isManagement(saidType) || (other && AuditdTypes.isAccount(saidType)))) {
            PamMessage.become(account == null ? "" : account, event);
        }
    }

    /** The account a program speaks of; null where it says that there is no such. */
    private static @Nullable String account(AuditdFields fields) {
        String account = fields.text("acct");
        if (account == null) {
            account = fields.word("ID");
            account = account == null ? fields.word("id") : account;
        }
        boolean none = account != null
                && (account.equals("(unknown)")
                        || account.equals("(invalid user)")
                        || account.equals("(unknown user)")
                        || account.equals(UNSET)
                        || account.equals("unset")
                        || account.equals("unknown"));
        return none ? null : account;
    }

    private void subject(SecurityEvent.Builder event) {
        String unit = said == null ? null : said.word("unit");
        if (unit != null && ("SERVICE_START".equals(saidType) || "SERVICE_STOP".equals(saidType))) {
            // systemd leaves the kind away.
            event.resource = "units";
            event.name = HostMessages.present(SystemdMessage.unitName(unit) == null ? unit + ".service" : unit);
        }
    }

    private HostProcess process() {
        String exe = anyText("exe");
        String binary = exe != null ? exe : anyText("comm");
        String line = null;
        if (command.length() > 0) {
            line = withoutName(command.toString(), binary);
        } else if (said != null && said.has("cmd")) {
            line = said.text("cmd");
        } else if (title != null) {
            line = withoutName(title.replace('\0', ' ').strip(), binary);
        }
        String at = directory != null ? directory : said == null ? null : said.text("cwd");
        return new HostProcess(
                binary == null ? null : HostMessages.present(binary),
                line == null ? null : HostMessages.present(line, ValueReader.LONG),
                at == null ? null : HostMessages.present(at),
                any("pid"),
                any("ppid"),
                null,
                absolute(file, at));
    }

    /** A command line without its first word, where that is the program's name. */
    private static String withoutName(String line, @Nullable String binary) {
        int space = line.indexOf(' ');
        String name = space < 0 ? line : line.substring(0, space);
        boolean same = binary != null && Program.base(name).equals(Program.base(binary));
        return same ? (space < 0 ? "" : line.substring(space + 1)) : line;
    }

    private static @Nullable String absolute(@Nullable String file, @Nullable String directory) {
        if (file == null || directory == null || file.startsWith("/")) {
            return file == null ? null : HostMessages.present(file);
        }
        String relative = file.startsWith("./") ? file.substring(2) : file;
        return HostMessages.present(directory + (directory.endsWith("/") ? "" : "/") + relative);
    }

    private void destination(SecurityEvent.Builder event, Network network) {
        if (socket == null) {
            return;
        }
        SocketAddress address = SocketAddress.of(socket.word("saddr"));
        Network.Address to = address == null ? null : network.address(address.address());
        if (address != null && to != null) {
            event.flow = new Flow(null, to.canonical(), address.port(), null, null, null, null);
        }
    }

    private @Nullable String any(String name) {
        String value = said == null ? null : said.word(name);
        return value != null || call == null ? value : call.word(name);
    }

    private @Nullable String anyText(String name) {
        String value = said == null ? null : said.text(name);
        return value != null || call == null ? value : call.text(name);
    }
}
