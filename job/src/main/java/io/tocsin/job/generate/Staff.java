package io.tocsin.job.generate;

import java.util.ArrayList;
import java.util.List;

/** A dozen engineers and a newcomer, and who of them plays a part in an attack. */
final class Staff {
    private final Person[] people;
    private final Person newcomer;

    Staff(Chance chance) {
        this.people = people(chance);
        String role = chance.awsId("AROA");
        this.newcomer = new Person("oscar.dahl", Person.Duty.DEVELOPER, "dev-oscar-dahl", role, "web", 18, chance);
    }

    private static Person[] people(Chance chance) {
        String[] developers = {
            "nadia.haddad", "tom.okafor", "ines.ferreira", "jonas.lind", "priya.raman", "marek.nowak", "sofia.greco"
        };
        String[] platform = {"elif.aydin", "ruben.castillo"};
        String[] onCall = {"hana.sato", "liam.byrne", "anna.keller"};
        Person[] people = new Person[12];
        int count = 0;
        for (String name : developers) {
            String role = "dev-" + name.replace('.', '-');
            String team = Cluster.TEAMS[count % Cluster.TEAMS.length];
            people[count] = new Person(name, Person.Duty.DEVELOPER, role, chance.awsId("AROA"), team, count, chance);
            count++;
        }
        for (String name : platform) {
            String role = "platform-" + name.replace('.', '-');
            people[count] = new Person(name, Person.Duty.PLATFORM, role, chance.awsId("AROA"), "web", count, chance);
            count++;
        }
        String shared = chance.awsId("AROA");
        for (String name : onCall) {
            people[count] = new Person(name, Person.Duty.ON_CALL, "on-call", shared, "checkout", count, chance);
            count++;
        }
        return people;
    }

    /** Everybody who works on a day: the newcomer not on the first. */
    List<Person> on(boolean laterDay) {
        List<Person> all = new ArrayList<>(List.of(people));
        if (laterDay) {
            all.add(newcomer);
        }
        return all;
    }

    /** The engineer who starts to work here. */
    Person newcomer() {
        return newcomer;
    }

    /** A developer whose session somebody steals. */
    Person victim() {
        return people[0];
    }

    /** A developer who has been there for long. */
    Person insider() {
        return people[1];
    }

    /** An engineer who may change the identity mapping. */
    Person administrator() {
        return people[7];
    }

    /** The data scientist who has something to hide. */
    Person concealer() {
        return people[3];
    }

    /** A developer of the data team. */
    Person tokenReader() {
        return people[4];
    }

    /** A developer of the checkout team, who has another use for computers. */
    Person miner() {
        return people[5];
    }

    /** The other platform engineer. */
    Person operator() {
        return people[8];
    }

    /** Somebody on call. */
    Person onCall() {
        return people[9];
    }
}
