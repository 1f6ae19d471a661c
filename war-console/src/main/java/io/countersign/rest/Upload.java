package io.countersign.rest;

import io.countersign.policy.Policy.SourceFile;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * A revision of the policy as it comes in: {@code {"files": {"shop.yaml": "..."}, "comment": "..."}}, an archive of the
 * files, or {@code {"revision": "..."}} for an earlier one.
 *
 * @param revision empty where there are files
 */
record Upload(List<SourceFile> files, String revision, String comment) {

    /** Bytes, packed or not: a hundred times what policies have. */
    static final int LONGEST = 4 << 20;

    private static final int MOST_FILES = 100;
    private static final int LONGEST_CODE = 1024;

    Upload {
        // As a folder lists them: the revision is a hash over names and texts in this order.
        files = files.stream().sorted(Comparator.comparing(SourceFile::name)).toList();
    }

    /** Strict, because two readers of one upload must not read it differently. */
    static Upload json(InputStream body) throws IOException {
        try (JsonParser parser = Json.createParser(new ByteArrayInputStream(limited(body, LONGEST)))) {
            List<SourceFile> files = new ArrayList<>();
            String revision = "";
            String comment = "";
            Set<String> seen = new HashSet<>();
            expect(parser.next() == Event.START_OBJECT, "The body is a JSON object.");
            while (parser.next() == Event.KEY_NAME) {
                String member = parser.getString();
                expect(seen.add(member), "The member " + member + " is there twice.");
                switch (member) {
                    case "files" -> files.addAll(files(parser));
                    case "revision" -> revision = text(parser, member);
                    case "comment" -> comment = text(parser, member);
                    default -> throw bad("A proposal has the members files or revision, and comment, and no others.");
                }
            }
            expect(!parser.hasNext(), "Nothing follows the JSON object.");
            expect(files.isEmpty() != revision.isEmpty(), "A proposal has either files or a revision.");
            return new Upload(files, revision, comment);
        } catch (JsonException | NoSuchElementException notJson) {
            throw bad("The body is not a JSON object in UTF-8.");
        }
    }

    private static List<SourceFile> files(JsonParser parser) {
        expect(parser.next() == Event.START_OBJECT, "The member files is an object: name to text.");
        List<SourceFile> files = new ArrayList<>();
        while (parser.next() == Event.KEY_NAME) {
            String name = parser.getString();
            expect(files.size() < MOST_FILES, "A policy has at most " + MOST_FILES + " files.");
            files.add(new SourceFile(name, text(parser, name)));
        }
        return files;
    }

    /** Only YAML files at its top, as in the folder; anything else in it is passed over as there. */
    static Upload zip(InputStream body, String comment) throws IOException {
        List<SourceFile> files = new ArrayList<>();
        int left = LONGEST;
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(limited(body, LONGEST)))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                byte[] bytes = limited(zip, left);
                left -= bytes.length;
                if (!entry.isDirectory() && entry.getName().matches("[^./\\\\][^/\\\\]*\\.ya?ml")) {
                    expect(files.size() < MOST_FILES, "A policy has at most " + MOST_FILES + " files.");
                    files.add(new SourceFile(entry.getName(), utf8(entry.getName(), bytes)));
                }
            }
        } catch (ZipException | IllegalArgumentException broken) {
            throw bad("The body is not a ZIP archive.");
        }
        expect(!files.isEmpty(), "There is no file named *.yaml at the top of the archive.");
        return new Upload(files, "", comment);
    }

    /** {@code {"code": "..."}}. */
    static String code(InputStream body) throws IOException {
        try (JsonParser parser = Json.createParser(new ByteArrayInputStream(limited(body, LONGEST_CODE)))) {
            expect(parser.next() == Event.START_OBJECT, "The body is a JSON object.");
            expect(parser.next() == Event.KEY_NAME && parser.getString().equals("code"), "The one member is code.");
            String code = text(parser, "code");
            expect(parser.next() == Event.END_OBJECT && !parser.hasNext(), "The one member is code.");
            return code;
        } catch (JsonException | NoSuchElementException notJson) {
            throw bad("The body is not a JSON object in UTF-8.");
        }
    }

    private static String text(JsonParser parser, String member) {
        expect(parser.next() == Event.VALUE_STRING, "The member " + member + " is a text.");
        return Texts.stored(member, parser.getString());
    }

    private static String utf8(String name, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw bad(name + " is not UTF-8.");
        }
    }

    private static byte[] limited(InputStream body, int most) throws IOException {
        byte[] bytes = body.readNBytes(most + 1);
        if (bytes.length > most) {
            throw Problem.of(Response.Status.REQUEST_ENTITY_TOO_LARGE, "That is larger than a policy may be.")
                    .exception();
        }
        return bytes;
    }

    private static void expect(boolean met, String rule) {
        if (!met) {
            throw bad(rule);
        }
    }

    private static ProblemException bad(String detail) {
        return Problem.of(Response.Status.BAD_REQUEST, detail).exception();
    }
}
