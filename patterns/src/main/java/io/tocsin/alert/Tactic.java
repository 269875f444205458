package io.tocsin.alert;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * ATT&amp;CK tactics, in the order in which an attack usually goes. A technique may serve several; here each has one, that which it
 * serves in a cluster, so that one alert is not a whole attack.
 */
public enum Tactic {
    RECONNAISSANCE("T1589", "T1590", "T1591", "T1592", "T1593", "T1594", "T1595", "T1596", "T1597", "T1598"),
    INITIAL_ACCESS("T1078", "T1133", "T1189", "T1190", "T1195", "T1199", "T1566"),
    EXECUTION("T1053", "T1059", "T1106", "T1203", "T1204", "T1569", "T1609", "T1610", "T1648", "T1651"),
    PERSISTENCE("T1037", "T1098", "T1136", "T1505", "T1525", "T1543", "T1546", "T1547", "T1554", "T1556", "T1574"),
    PRIVILEGE_ESCALATION("T1055", "T1068", "T1134", "T1484", "T1548", "T1611"),
    DEFENSE_EVASION(
            "T1014", "T1027", "T1036", "T1070", "T1112", "T1140", "T1211", "T1222", "T1480", "T1497", "T1535", "T1553",
            "T1562", "T1564", "T1578", "T1599", "T1600", "T1612", "T1620", "T1656"),
    CREDENTIAL_ACCESS(
            "T1003", "T1040", "T1056", "T1110", "T1111", "T1187", "T1212", "T1528", "T1539", "T1552", "T1555", "T1557",
            "T1558", "T1606", "T1621", "T1649"),
    DISCOVERY(
            "T1007", "T1010", "T1016", "T1018", "T1033", "T1046", "T1049", "T1057", "T1069", "T1082", "T1083", "T1087",
            "T1124", "T1135", "T1201", "T1518", "T1526", "T1538", "T1580", "T1613", "T1614", "T1619", "T1622", "T1654"),
    LATERAL_MOVEMENT("T1021", "T1072", "T1080", "T1210", "T1534", "T1550", "T1563", "T1570"),
    COLLECTION("T1005", "T1039", "T1074", "T1114", "T1119", "T1213", "T1530", "T1560", "T1602"),
    COMMAND_AND_CONTROL(
            "T1008", "T1071", "T1090", "T1092", "T1095", "T1102", "T1104", "T1105", "T1132", "T1205", "T1219", "T1568",
            "T1571", "T1572", "T1573", "T1659"),
    EXFILTRATION("T1011", "T1020", "T1029", "T1030", "T1041", "T1048", "T1537", "T1567"),
    IMPACT(
            "T1485", "T1486", "T1489", "T1490", "T1491", "T1495", "T1496", "T1498", "T1499", "T1529", "T1531", "T1561",
            "T1565", "T1657");

    private static final Map<String, Tactic> BY_TECHNIQUE = new HashMap<>();

    static {
        for (Tactic tactic : values()) {
            for (String technique : tactic.techniques) {
                BY_TECHNIQUE.put(technique, tactic);
            }
        }
    }

    @SuppressWarnings("ImmutableEnumChecker") // a list that is a copy
    private final List<String> techniques;

    Tactic(String... techniques) {
        this.techniques = List.of(techniques);
    }

    /** The tactic of a technique or of a sub-technique; null if the technique is not known here. */
    public static @Nullable Tactic of(String technique) {
        int dot = technique.indexOf('.');
        return BY_TECHNIQUE.get(dot < 0 ? technique : technique.substring(0, dot));
    }

    /** The tactics of techniques, in order. */
    public static Set<Tactic> of(List<String> techniques) {
        Set<Tactic> tactics = EnumSet.noneOf(Tactic.class);
        for (String technique : techniques) {
            Tactic tactic = of(technique);
            if (tactic != null) {
                tactics.add(tactic);
            }
        }
        return tactics;
    }

    /** For people: {@code credential access}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
