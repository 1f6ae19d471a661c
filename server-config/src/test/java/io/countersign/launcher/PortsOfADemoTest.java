package io.countersign.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsOfADemoTest {

    @TempDir
    Path folder;

    @Test
    void areFourDifferentFreeOnes() {
        DemoPorts ports = DemoPorts.chosen(folder.resolve("none"), null, null);

        assertThat(Set.of(ports.http(), ports.postgres(), ports.issuer(), ports.target()))
                .hasSize(4)
                .allMatch(port -> port > 1023 && port < 65536);
    }

    @Test
    void staySoThatAddressesSurviveARestart() {
        DemoPorts first = DemoPorts.chosen(folder.resolve("none"), null, null);
        first.writeTo(folder.resolve("ports"));

        assertThat(DemoPorts.chosen(folder.resolve("ports"), null, null)).isEqualTo(first);
        assertThat(DemoPorts.lastOf(folder.resolve("ports"))).isEqualTo(first);
    }

    @Test
    void changeWhereAnotherProgramHasTakenOneMeanwhile() throws Exception {
        DemoPorts first = DemoPorts.chosen(folder.resolve("none"), null, null);
        first.writeTo(folder.resolve("ports"));

        try (ServerSocket other = new ServerSocket(first.issuer(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(DemoPorts.chosen(folder.resolve("ports"), null, null).issuer())
                    .isNotEqualTo(other.getLocalPort());
        }
    }

    @Test
    void areRefusedWithTheReasonWhenAskedForAndTaken() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> DemoPorts.chosen(folder.resolve("none"), null, other.getLocalPort()))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining(other.getLocalPort() + ", asked for as --postgres-port, is taken");
        }
        assertThatThrownBy(() -> DemoPorts.chosen(folder.resolve("none"), 70000, null))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("outside 1 to 65535");
    }
}
