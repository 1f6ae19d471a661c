package io.countersign.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** web.xml decides who is served which page; a page can be asked for with and without its ending. */
class EveryPageSaysWhoMayReadItTest {

    private static final Path WEBAPP = Path.of("src", "main", "webapp");

    /** Roles by pattern; empty for everybody, absent for a pattern that is not named. */
    private final Map<String, Set<String>> constraints = new HashMap<>();

    @BeforeEach
    void read() throws Exception {
        Element root = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(WEBAPP.resolve("WEB-INF/web.xml").toFile())
                .getDocumentElement();
        for (Element constraint : elements(root, "security-constraint")) {
            Set<String> roles = new TreeSet<>();
            elements(constraint, "role-name").forEach(role -> roles.add(role.getTextContent()));
            elements(constraint, "url-pattern").forEach(pattern -> constraints.put(pattern.getTextContent(), roles));
        }
    }

    @Test
    void whatIsNotNamedIsForThoseWhoSignedIn() {
        assertThat(constraints.get("/*")).containsExactly("**");
        assertThat(constraints.get("/jakarta.faces.push/*")).containsExactly("**");
    }

    @Test
    void onlySigningInAndWhatPagesLookLikeIsOpen() {
        assertThat(constraints.entrySet().stream()
                        .filter(entry -> entry.getValue().isEmpty())
                        .map(Map.Entry::getKey))
                .containsExactlyInAnyOrder(
                        "/sign-in",
                        "/sign-in.xhtml",
                        "/signed-out",
                        "/signed-out.xhtml",
                        "/saml-metadata",
                        "/error/*",
                        "/jakarta.faces.resource/*",
                        "/api/*");
    }

    @Test
    void aPageIsGuardedAlikeWithAndWithoutItsEnding() throws IOException {
        try (Stream<Path> pages = Files.list(WEBAPP)) {
            List<String> names = pages.map(page -> page.getFileName().toString())
                    .filter(name -> name.endsWith(".xhtml"))
                    .toList();
            assertThat(names).isNotEmpty();
            for (String name : names) {
                String bare = "/" + name.substring(0, name.length() - ".xhtml".length());
                assertThat(Optional.ofNullable(constraints.get(bare)))
                        .as(name)
                        .isEqualTo(Optional.ofNullable(constraints.get("/" + name)));
            }
        }
    }

    @Test
    void requestersReadNoOnesRecordsAndNoPolicy() {
        for (String page : List.of("/queue", "/policy", "/records", "/about")) {
            assertThat(constraints.get(page)).as(page).isNotEmpty().doesNotContain("requester", "**");
        }
        assertThat(constraints.get("/records")).containsExactly("administrator", "auditor");
        assertThat(constraints.get("/about")).containsExactly("administrator");
    }

    private static List<Element> elements(Element parent, String name) {
        NodeList nodes = parent.getElementsByTagName(name);
        return Stream.iterate(0, i -> i < nodes.getLength(), i -> i + 1)
                .map(nodes::item)
                .map(Element.class::cast)
                .toList();
    }
}
