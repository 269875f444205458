package io.tocsin.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The arguments of a run, taken apart; whether keys and values mean anything is for others to say.
 *
 * @param files those named without a key
 * @param given keys and values
 * @param valueless keys that no value follows
 * @param problems what can't be taken apart
 */
record Arguments(List<InputSpec> files, Map<String, String> given, Set<String> valueless, List<String> problems) {

    /**
     * Takes arguments apart: {@code --key value}, {@code --key=value}, {@code --flag}, or a file.
     *
     * @param flags the keys that stand for themselves
     */
    static Arguments split(List<String> arguments, Set<String> flags) {
        Arguments all = new Arguments(new ArrayList<>(), new LinkedHashMap<>(), new TreeSet<>(), new ArrayList<>());
        boolean optionsEnded = false;
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (optionsEnded || !argument.startsWith("--")) {
                all.files.add(InputSpec.bare(argument));
            } else if (argument.equals("--")) {
                optionsEnded = true;
            } else {
                String key = argument.substring(2);
                int equals = key.indexOf('=');
                if (equals >= 0) {
                    all.put(key.substring(0, equals), key.substring(equals + 1));
                } else if (flags.contains(key) && !followsBoolean(arguments, i)) {
                    all.put(key, "true");
                } else if (i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--")) {
                    all.put(key, arguments.get(++i));
                } else {
                    all.valueless.add(key);
                }
            }
        }
        return all;
    }

    private static boolean followsBoolean(List<String> arguments, int i) {
        return i + 1 < arguments.size()
                && (arguments.get(i + 1).equals("true") || arguments.get(i + 1).equals("false"));
    }

    private void put(String key, String value) {
        if (given.put(key, value) != null) {
            problems.add(key + " is given twice");
        }
    }
}
