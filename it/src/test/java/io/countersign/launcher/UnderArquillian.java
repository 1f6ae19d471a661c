package io.countersign.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Payara Micro with an EAR, started and told as the demo does it, behind the face that Arquillian's adapter for Micro
 * expects of a program: {@code --deploy FILE}, and a description of what is deployed on standard output. Stock Micro takes
 * no EAR. Its other options are ignored: ports are free ones, and nothing joins a data grid.
 */
final class UnderArquillian {

    private UnderArquillian() {}

    public static void main(String[] arguments) throws IOException {
        List<String> options = List.of(arguments);
        Path ear = Path.of(options.get(options.indexOf("--deploy") + 1));
        Path payara = Path.of(System.getProperty("countersign.distribution")).resolve("payara");
        Path work = Path.of(System.getProperty("countersign.container.work"));
        int http = Ports.preferred(0);
        GatewaySettings settings = new GatewaySettings()
                .with("policy.dir", Path.of(System.getProperty("countersign.container.policy")))
                .with("policy.bootstrap", "folder")
                .with("data.dir", work.resolve("records"))
                .store(StoreAddress.of("jdbc:h2:file:" + work.resolve("store"), "countersign", "for tests"))
                .with("postgres.host", "127.0.0.1")
                .with("postgres.port", Integer.toString(Ports.preferred(0)))
                .with("postgres.tls", "off")
                .variable("container.target.password", "none");
        PayaraMicro server = PayaraMicro.boot(
                payara,
                work.resolve("payara"),
                Files.createDirectories(work.resolve("log")).resolve("gateway.0.log"),
                http,
                settings);
        server.deploy(ear);
        // The adapter leaves them.
        Files.delete(ear);
        Files.delete(ear.getParent());
        Files.delete(ear.getParent().getParent());
        System.out.println("""
                Instance Configuration
                Host: 127.0.0.1
                HTTP Port(s): %d
                HTTPS Port(s):
                Deployed: countersign ( story war /story [ < ArquillianServletRunnerEE9 /ArquillianServletRunnerEE9 > ] )
                """.formatted(http));
        endWithWhoeverStartedIt();
    }

    /** Standard input is a pipe from the tests: it ends when they do, also when they are killed. */
    private static void endWithWhoeverStartedIt() throws IOException {
        System.in.transferTo(OutputStream.nullOutputStream());
        System.exit(0);
    }
}
