package io.countersign.postgres.sql;

import io.countersign.postgres.sql.Statement.SessionName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads statements about transactions and about names that live in the session. */
final class SessionReader {

    /** CURSOR_OPT_HOLD of the parser's own parsenodes.h. */
    private static final int WITH_HOLD = 0x20;

    private final TreeReader reader;
    private final Findings found;

    SessionReader(TreeReader reader) {
        this.reader = reader;
        this.found = reader.found();
    }

    /** Reads the statement and answers its kind; empty if it is none of these. */
    Optional<String> read(Node node, Scope scope) {
        return Optional.ofNullable(kind(node, scope));
    }

    private @Nullable String kind(Node node, Scope scope) {
        return switch (node.type()) {
            case "TransactionStmt" -> transaction(node);
            case "DiscardStmt" -> discard(node);
            case "PrepareStmt" -> prepare(node, scope);
            case "ExecuteStmt" -> execute(node, scope);
            case "DeallocateStmt" -> deallocate(node);
            case "DeclareCursorStmt" -> declare(node, scope);
            case "FetchStmt" -> fetch(node);
            case "ClosePortalStmt" -> close(node);
            default -> null;
        };
    }

    private String transaction(Node transaction) {
        String kind = switch (transaction.text("kind")) {
            case "TRANS_STMT_BEGIN" -> "BEGIN";
            case "TRANS_STMT_START" -> "START TRANSACTION";
            case "TRANS_STMT_COMMIT" -> "COMMIT";
            case "TRANS_STMT_ROLLBACK" -> "ROLLBACK";
            case "TRANS_STMT_SAVEPOINT" -> "SAVEPOINT";
            case "TRANS_STMT_RELEASE" -> "RELEASE";
            case "TRANS_STMT_ROLLBACK_TO" -> "ROLLBACK TO";
            case "TRANS_STMT_PREPARE" -> "PREPARE TRANSACTION";
            case "TRANS_STMT_COMMIT_PREPARED" -> "COMMIT PREPARED";
            case "TRANS_STMT_ROLLBACK_PREPARED" -> "ROLLBACK PREPARED";
            default -> "UNKNOWN";
        };
        if (kind.equals("UNKNOWN")) {
            found.effect("sql:unknown", "statement", List.of());
        } else if (transaction.has("gid")) {
            found.effect("sql:transaction", "prepared-transaction", List.of(transaction.text("gid")), "two-phase");
        } else {
            found.effect("sql:transaction", "transaction", List.of());
        }
        if (transaction.has("savepoint_name")) {
            found.names(new SessionName.Savepoint(transaction.text("savepoint_name")));
        }
        return kind;
    }

    private String discard(Node discard) {
        String what = discard.text("target").replace("DISCARD_", "").toLowerCase(Locale.ROOT);
        found.effect("sql:discard", "session", List.of(what));
        if (what.equals("all")) {
            found.effect("sql:reset", "setting", List.of());
            found.names(new SessionName.Deallocates(Optional.empty()));
        }
        return "DISCARD";
    }

    private String prepare(Node prepare, Scope scope) {
        Node query = prepare.child("query");
        Findings inner = found.fresh();
        String kind = new TreeReader(inner).statement(query);
        found.effect("sql:prepare", "prepared", List.of(prepare.text("name")));
        UseReader uses = new UseReader();
        uses.statement(query);
        found.names(new SessionName.Prepares(prepare.text("name"), inner.statement(kind, uses)));
        reader.read(query, scope);
        return "PREPARE";
    }

    private String execute(Node execute, Scope scope) {
        found.effect("sql:execute", "prepared", List.of(execute.text("name")));
        found.names(new SessionName.Executes(execute.text("name")));
        reader.readBut(execute, scope);
        return "EXECUTE";
    }

    private String deallocate(Node deallocate) {
        boolean every = deallocate.flag("isall");
        found.effect("sql:deallocate", "prepared", every ? List.of() : List.of(deallocate.text("name")));
        found.names(new SessionName.Deallocates(every ? Optional.empty() : Optional.of(deallocate.text("name"))));
        return "DEALLOCATE";
    }

    private String declare(Node declare, Scope scope) {
        found.effect("sql:cursor", "cursor", List.of(declare.text("portalname")));
        boolean hold = (declare.number("options") & WITH_HOLD) != 0;
        found.names(new SessionName.Declares(declare.text("portalname"), hold));
        reader.read(declare.child("query"), scope);
        return "DECLARE";
    }

    private String close(Node close) {
        String name = close.text("portalname");
        found.effect("sql:cursor", "cursor", name.isEmpty() ? List.of() : List.of(name));
        found.names(new SessionName.Closes(name.isEmpty() ? Optional.empty() : Optional.of(name)));
        return "CLOSE";
    }

    private String fetch(Node fetch) {
        found.effect("sql:cursor", "cursor", List.of(fetch.text("portalname")));
        found.names(new SessionName.Fetches(fetch.text("portalname")));
        return fetch.flag("ismove") ? "MOVE" : "FETCH";
    }
}
