package io.countersign.it.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may know whom, as ARCHITECTURE.md draws it. */
class TheHouseKeepsItsDirections {

    private static final List<String> MODULES = List.of(
            "jca-connectors/api", "jca-connectors/core", "jca-connectors/postgres", "ejb-policy", "war-console");

    private static JavaClasses house;

    @BeforeAll
    static void importTheModules() {
        List<Path> folders = MODULES.stream()
                .map(module -> Path.of("..", module, "target", "classes"))
                .peek(folder -> {
                    if (!Files.isDirectory(folder)) {
                        throw new IllegalStateException(folder + " is missing: build the whole project first");
                    }
                })
                .toList();
        house = new ClassFileImporter().importPaths(folders);
    }

    @Test
    void theSeamSpeaksJavaOnly() {
        classes()
                .that()
                .resideInAPackage("io.countersign.api..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.countersign.api..", "java..", "org.jspecify..")
                .check(house);
    }

    @Test
    void theCoreKnowsTheSeamNettyAndTheConnectorArchitecture() {
        classes()
                .that()
                .resideInAPackage("io.countersign.core..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.countersign.core..",
                        "io.countersign.api..",
                        "java..",
                        "javax..",
                        "io.netty..",
                        "jakarta.resource..",
                        "com.google.i18n.phonenumbers..",
                        "org.bouncycastle.crypto..",
                        "org.jspecify..")
                .check(house);
    }

    @Test
    void connectorsNeverKnowThePolicySide() {
        noClasses()
                .that()
                .resideInAnyPackage("io.countersign.core..", "io.countersign.postgres..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.countersign.identity..",
                        "io.countersign.policy..",
                        "io.countersign.approval..",
                        "io.countersign.automatic..",
                        "io.countersign.grant..",
                        "io.countersign.plan..",
                        "io.countersign.ticket..",
                        "io.countersign.ledger..",
                        "io.countersign.session..",
                        "io.countersign.recording..",
                        "io.countersign.revision..",
                        "io.countersign.gateway..",
                        "io.countersign.console..",
                        "io.countersign.rest..")
                .check(house);
    }

    @Test
    void thePolicySideNeverKnowsAConnector() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.countersign.identity..",
                        "io.countersign.policy..",
                        "io.countersign.approval..",
                        "io.countersign.automatic..",
                        "io.countersign.grant..",
                        "io.countersign.plan..",
                        "io.countersign.ticket..",
                        "io.countersign.ledger..",
                        "io.countersign.session..",
                        "io.countersign.recording..",
                        "io.countersign.revision..",
                        "io.countersign.gateway..",
                        "io.countersign.console..",
                        "io.countersign.rest..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.countersign.core..", "io.countersign.postgres..", "io.netty..")
                .check(house);
    }

    @Test
    void theDecisionPointIsPureJava() {
        noClasses()
                .that()
                .resideInAnyPackage("io.countersign.policy", "io.countersign.identity", "io.countersign.recording")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jakarta..")
                .check(house);
    }

    @Test
    void theLedgerKnowsNoSibling() {
        noClasses()
                .that()
                .resideInAPackage("io.countersign.ledger..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.countersign.identity..",
                        "io.countersign.policy..",
                        "io.countersign.approval..",
                        "io.countersign.automatic..",
                        "io.countersign.grant..",
                        "io.countersign.plan..",
                        "io.countersign.ticket..",
                        "io.countersign.session..",
                        "io.countersign.recording..",
                        "io.countersign.revision..",
                        "io.countersign.gateway..")
                .check(house);
    }

    @Test
    void modelsNeverKnowTheirBoundaries() {
        for (String part : List.of(
                "identity",
                "policy",
                "approval",
                "grant",
                "plan",
                "ticket",
                "ledger",
                "session",
                "recording",
                "revision",
                "gateway")) {
            noClasses()
                    .that()
                    .resideInAPackage("io.countersign." + part)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.countersign." + part + ".boundary..")
                    .allowEmptyShould(true)
                    .check(house);
        }
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses()
                .should()
                .haveNameMatching(".*(Impl|Util|Utils|Manager|Helper|DTO|Dto)")
                .check(house);
    }
}
