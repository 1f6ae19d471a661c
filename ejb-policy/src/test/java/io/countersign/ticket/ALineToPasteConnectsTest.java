package io.countersign.ticket;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Secret;
import org.junit.jupiter.api.Test;

class ALineToPasteConnectsTest {

    @Test
    void withPsql() {
        assertThat(new ConnectionHint("db.example.com", 5432, "shop", "alice", false).psql(Secret.of("cst_x")))
                .isEqualTo("PGPASSWORD=cst_x psql -h db.example.com -p 5432 -U alice -d shop");
    }

    @Test
    void neverInClearWhereTheGatewayTakesNothingButTls() {
        assertThat(new ConnectionHint("h", 1, "shop", "alice", true).psql(Secret.of("cst_x")))
                .isEqualTo("PGPASSWORD=cst_x PGSSLMODE=require psql -h h -p 1 -U alice -d shop");
    }

    @Test
    void andNothingInItIsACommandOfItsOwn() {
        assertThat(new ConnectionHint("h", 1, "a b", "it's; rm -rf ~ $(id)", false).psql(Secret.of("cst_x")))
                .isEqualTo("PGPASSWORD=cst_x psql -h h -p 1 -U 'it'\\''s; rm -rf ~ $(id)' -d 'a b'");
    }
}
