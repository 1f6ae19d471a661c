package io.countersign.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program that signs in by OAUTHBEARER through PostgreSQL 18's libpq, which takes the token from the program. */
final class OAuthProgram {

    /** What of libpq-fe.h it needs: the test server comes without headers. */
    private static final String SOURCE = """
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>

            typedef struct PGconn PGconn;
            typedef struct PGresult PGresult;
            typedef struct PGoauthBearerRequest {
                const char *openid_configuration;
                const char *scope;
                int (*async)(PGconn *, struct PGoauthBearerRequest *, int *);
                void (*cleanup)(PGconn *, struct PGoauthBearerRequest *);
                char *token;
                void *user;
            } PGoauthBearerRequest;
            enum { OAUTH_BEARER_TOKEN = 1 };
            PGconn *PQconnectdb(const char *);
            int PQstatus(PGconn *);
            char *PQerrorMessage(PGconn *);
            PGresult *PQexec(PGconn *, const char *);
            char *PQgetvalue(PGresult *, int, int);
            void PQsetAuthDataHook(int (*)(int, PGconn *, void *));

            static char *token;

            static int give(int type, PGconn *conn, void *data) {
                PGoauthBearerRequest *request = data;
                if (type != OAUTH_BEARER_TOKEN) return 0;
                printf("a token of %s for %s\\n", request->openid_configuration, request->scope);
                request->token = token;
                return 1;
            }

            int main(int argc, char **argv) {
                PGconn *conn;
                token = argv[2];
                PQsetAuthDataHook(give);
                conn = PQconnectdb(argv[1]);
                if (PQstatus(conn) != 0) {
                    printf("%s", PQerrorMessage(conn));
                    return 1;
                }
                puts(PQgetvalue(PQexec(conn, "SELECT 1"), 0, 0));
                return 0;
            }
            """;

    private OAuthProgram() {}

    static Path compiled(Path folder) throws IOException, InterruptedException {
        Path source = folder.resolve("oauth.c");
        Path program = folder.resolve("oauth");
        Files.writeString(source, SOURCE);
        Process gcc = new ProcessBuilder(
                        "gcc",
                        "-o",
                        program.toString(),
                        source.toString(),
                        "-Wl,--unresolved-symbols=ignore-in-shared-libs",
                        TargetServer.running().libraries().resolve("libpq.so.5").toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (gcc.waitFor() != 0) {
            throw new IllegalStateException(said);
        }
        return program;
    }
}
