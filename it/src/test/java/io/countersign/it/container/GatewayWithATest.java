package io.countersign.it.container;

import io.countersign.ledger.Schema;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.h2.jdbcx.JdbcDataSource;
import org.jboss.arquillian.container.test.api.Testable;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.EmptyAsset;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** The EAR as it ships, with one more web module that carries a test class, and the store that it finds at its start. */
final class GatewayWithATest {

    private static final String DESCRIPTOR = "META-INF/application.xml";
    private static final String NEXT = "<library-directory>";
    private static final String MODULE =
            "<module><web><web-uri>story.war</web-uri><context-root>/story</context-root></web></module>";

    private GatewayWithATest() {}

    static EnterpriseArchive of(Class<?> test) {
        EnterpriseArchive ear = ShrinkWrap.createFromZipFile(
                EnterpriseArchive.class, new File(System.getProperty("countersign.distribution"), "countersign.ear"));
        String descriptor = text(ear);
        if (!descriptor.contains(NEXT)) {
            throw new IllegalStateException("no module can be added to this descriptor: " + descriptor);
        }
        ear.delete(DESCRIPTOR);
        return ear.addAsManifestResource(new StringAsset(descriptor.replace(NEXT, MODULE + NEXT)), "application.xml")
                .addAsLibrary(fileOf(Assertions.class))
                .addAsModule(Testable.archiveToTest(ShrinkWrap.create(WebArchive.class, "story.war")
                        .addClasses(test, NobodySignsIn.class)
                        .addAsWebInfResource(EmptyAsset.INSTANCE, "beans.xml")));
    }

    /** An empty place with a store of today's schema, in which something happened before the gateway starts. */
    static void storeThatHolds(String... rows) {
        Path work = Path.of(System.getProperty("countersign.container.work"));
        try {
            empty(work);
            JdbcDataSource source = new JdbcDataSource();
            source.setURL("jdbc:h2:file:" + work.resolve("store"));
            source.setUser("countersign");
            source.setPassword("for tests");
            Schema.migrate(source);
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                for (String row : rows) {
                    statement.execute(row);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void empty(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.createDirectories(folder);
    }

    private static String text(EnterpriseArchive ear) {
        try (InputStream descriptor = ear.get(DESCRIPTOR).getAsset().openStream()) {
            return new String(descriptor.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static File fileOf(Class<?> type) {
        try {
            return new File(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
