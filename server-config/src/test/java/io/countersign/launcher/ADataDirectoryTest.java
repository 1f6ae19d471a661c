package io.countersign.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ADataDirectoryTest {

    @TempDir
    Path folder;

    @Test
    void servesOneDemoAtATimeAndSaysWhoHasIt() {
        try (DataDirectory first = DataDirectory.open(folder.resolve("demo"))) {
            assertThatThrownBy(() -> DataDirectory.open(first.root()))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
        }
        DataDirectory.open(folder.resolve("demo")).close();
    }

    @Test
    void keepsOthersFromLooking() throws Exception {
        try (DataDirectory data = DataDirectory.open(folder.resolve("demo"))) {
            assertThat(permissions(data.root())).isEqualTo("rwx--x--x");
            assertThat(permissions(data.records())).isEqualTo("rwx------");
            assertThat(permissions(data.accounts().resolveSibling(""))).isEqualTo("rwx------");
        }
    }

    @Test
    void cannotBeAFile() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> DataDirectory.open(file))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("--data");
    }

    @Test
    void isRememberedSoThatTokenFindsIt() {
        Home home = new Home(folder.resolve("home"));
        assertThat(home.dataOrLast(null)).isEqualTo(folder.resolve("home/demo"));

        home.remember(folder.resolve("elsewhere"));

        assertThat(home.dataOrLast(null)).isEqualTo(folder.resolve("elsewhere"));
        assertThat(home.dataOrLast(folder.resolve("named"))).isEqualTo(folder.resolve("named"));
    }

    private static String permissions(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
