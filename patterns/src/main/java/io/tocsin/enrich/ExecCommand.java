package io.tocsin.enrich;

import io.tocsin.event.SecurityEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What somebody has a container run by exec, as the query of the request tells it: {@code ?command=sh&command=-c&command=…}. It is
 * read as a shell would see it, roughly: quotes and backslashes are dropped, paths are made straight, wildcards are tried. Whoever
 * wants to hide a command from this finds a way (an encoding, a script brought along); what opens a shell is therefore told as
 * such, since nothing done in it is audited.
 */
public final class ExecCommand {
    private static final Set<String> SHELLS = Set.of(
            "sh",
            "bash",
            "ash",
            "dash",
            "zsh",
            "ksh",
            "ksh93",
            "mksh",
            "fish",
            "csh",
            "tcsh",
            "rbash",
            "yash",
            "hush",
            "elvish",
            "xonsh",
            "nu",
            "pwsh",
            "powershell",
            "powershell.exe",
            "cmd",
            "cmd.exe");

    /** Programs that read commands, or let their user run some. */
    private static final Set<String> INTERPRETERS = Set.of(
            "python", "python2", "python3", "perl", "ruby", "irb", "node", "nodejs", "deno", "bun", "lua", "php",
            "ipython", "vi", "vim", "nvim", "ex", "ed", "emacs", "gdb", "su", "login", "nsenter", "chroot", "unshare",
            "script", "tmux", "screen", "socat");

    private static final Set<String> STARTERS = Set.of(
            "env", "sudo", "doas", "exec", "nohup", "setsid", "time", "nice", "timeout", "stdbuf", "busybox", "toybox",
            "xargs", "then", "else", "do", "if", "while", "tini", "gosu", "su-exec");

    private static final List<String> CREDENTIALS = List.of(
            "etc/shadow",
            "etc/gshadow",
            "etc/kubernetes/",
            "var/lib/kubelet",
            "kubelet.conf",
            ".kube/config",
            ".aws/",
            ".azure/",
            ".ssh/",
            ".docker/config.json",
            ".vault-token",
            "azure.json",
            "application_default_credentials",
            "kubernetes/pki",
            "etcd/pki",
            "self/environ",
            "1/environ");

    private final List<String> arguments;
    private final String text;
    private final List<Word> words;

    /** A word and whether it stands where a program's name stands. */
    private record Word(String text, boolean program) {}

    private ExecCommand(List<String> arguments) {
        this.arguments = arguments;
        this.text = unquoted(String.join("\n", arguments));
        this.words = words(text);
    }

    /** What this request runs. Empty where the record does not tell. */
    public static ExecCommand of(SecurityEvent event) {
        return of(event.uri() == null ? "" : event.uri());
    }

    /** What a request with this URI runs. */
    public static ExecCommand of(String uri) {
        List<String> arguments = new ArrayList<>();
        int at = uri.indexOf('?') + 1;
        while (at > 0 && at < uri.length()) {
            int end = uri.indexOf('&', at);
            end = end < 0 ? uri.length() : end;
            int equals = uri.indexOf('=', at);
            if (equals >= 0
                    && equals < end
                    && Percent.query(uri.substring(at, equals)).equals("command")) {
                arguments.add(Percent.query(uri.substring(equals + 1, end)));
            }
            at = end + 1;
        }
        return new ExecCommand(arguments);
    }

    /** A command line as the kernel or a tool tells it. */
    public static ExecCommand line(String line) {
        return new ExecCommand(List.of(line));
    }

    /** The program and its arguments. */
    public List<String> arguments() {
        return arguments;
    }

    /**
     * The command in one line, as it is written; and, where quotes, backslashes or {@code $IFS} stand in it, once more without
     * them, roughly as a shell would see it. Empty where the record tells nothing.
     */
    public List<String> lines() {
        if (arguments.isEmpty()) {
            return List.of();
        }
        String written = String.join(" ", arguments);
        String seen = text.replace('\n', ' ');
        return seen.equals(written) ? List.of(written) : List.of(written, seen);
    }

    /** Whether the record tells nothing of the command. */
    public boolean isUnknown() {
        return arguments.isEmpty();
    }

    /** Whether it hands its user something to run further commands with, which no audit log shows. */
    public boolean opensShell() {
        for (int i = 0; i < words.size(); i++) {
            Word word = words.get(i);
            String name = word.text().substring(word.text().lastIndexOf('/') + 1);
            boolean shell = SHELLS.contains(name) || isShellByWildcard(word.text());
            if ((shell || (word.program() && isInterpreter(name))) && !isGivenItsCommand(i, shell)) {
                return true;
            }
        }
        return text.contains("$SHELL") || text.contains("${SHELL") || text.contains("$BASH") || text.contains("$0");
    }

    /** Whether it reads where tokens of service accounts are mounted. */
    public boolean readsToken() {
        return MountedTokens.isIn(text);
    }

    /** Whether it reads where passwords, keys and kubeconfigs are kept. */
    public boolean readsCredentials() {
        String straight = MountedTokens.straightened(text);
        for (String credential : CREDENTIALS) {
            if (straight.contains(credential)) {
                return true;
            }
        }
        return false;
    }

    /** Whether it names a metadata service. */
    public boolean callsMetadata() {
        return MetadataService.isIn(text);
    }

    private static boolean isInterpreter(String name) {
        int end = name.length();
        while (end > 0 && (Character.isDigit(name.charAt(end - 1)) || name.charAt(end - 1) == '.')) {
            end--;
        }
        return INTERPRETERS.contains(name) || INTERPRETERS.contains(name.substring(0, end));
    }

    /** Whether the commands of this interpreter are in the same line: then they are words as all others. */
    private boolean isGivenItsCommand(int index, boolean shell) {
        for (int i = index + 1; i < words.size(); i++) {
            String option = words.get(i).text();
            if (option.length() < 2 || (option.charAt(0) != '-' && option.charAt(0) != '+')) {
                return false;
            }
            if (option.startsWith("--")) {
                if (option.equals("--rcfile") || option.equals("--init-file")) {
                    i++;
                } else if (option.equals("--eval") || option.equals("--command")) {
                    return i + 1 < words.size();
                }
            } else if (shell
                    && option.indexOf('i') >= 0
                    && !option.toLowerCase(Locale.ROOT).endsWith("command")) {
                return false;
            } else if (option.indexOf('c') >= 0
                    || option.endsWith("Command")
                    || (!shell && (option.indexOf('e') >= 0 || option.indexOf('r') >= 0))) {
                return i + 1 < words.size();
            } else if (option.endsWith("o") || option.endsWith("O")) {
                i++;
            }
        }
        return false;
    }

    private static boolean isShellByWildcard(String word) {
        if (word.indexOf('?') < 0 && word.indexOf('*') < 0) {
            return false;
        }
        for (String directory : List.of("/bin/", "/usr/bin/")) {
            for (String shell : List.of("sh", "bash", "ash", "dash", "zsh")) {
                if (MountedTokens.matches(word, directory + shell)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String unquoted(String command) {
        StringBuilder out = new StringBuilder(command.length());
        for (int i = 0; i < command.length(); i++) {
            char c = command.charAt(i);
            if (c == '\'' || c == '"') {
                continue;
            }
            if (c == '\\') {
                if (i + 1 < command.length() && command.charAt(i + 1) == '\n') {
                    i++;
                }
                continue;
            }
            if (c == '$'
                    && i + 1 < command.length()
                    && (command.charAt(i + 1) == '@' || command.charAt(i + 1) == '*')) {
                i++;
                continue;
            }
            out.append(c);
        }
        return out.toString().replace("${IFS}", " ").replace("$IFS", " ");
    }

    private static List<Word> words(String text) {
        List<Word> words = new ArrayList<>();
        boolean program = true;
        int start = -1;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : ' ';
            if (Character.isLetterOrDigit(c) || "/._-+*?[]~".indexOf(c) >= 0) {
                start = start < 0 ? i : start;
                continue;
            }
            if (start >= 0) {
                String word = text.substring(start, i);
                words.add(new Word(word, program));
                String name = word.substring(word.lastIndexOf('/') + 1);
                program = STARTERS.contains(name) || word.equals("-c") || (word.length() > 2 && isClusterOfC(word));
                start = -1;
            }
            if (";&|()`{}!=$".indexOf(c) >= 0) {
                program = true;
            }
        }
        return words;
    }

    private static boolean isClusterOfC(String word) {
        return word.charAt(0) == '-' && word.charAt(1) != '-' && word.endsWith("c");
    }
}
