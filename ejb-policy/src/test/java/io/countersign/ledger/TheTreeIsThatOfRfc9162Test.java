package io.countersign.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TheTreeIsThatOfRfc9162Test {

    /** The leaves that Certificate Transparency's reference implementation tests with. */
    private static final List<byte[]> LEAVES = List.of(
                    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
            .stream()
            .map(HexFormat.of()::parseHex)
            .map(MerkleTree::leaf)
            .toList();

    @ParameterizedTest
    @CsvSource({
        "0, e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "1, 6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "2, fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "3, aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "4, d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "5, 4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "6, 76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "7, ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "8, 5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    })
    void rootsAreTheReferenceImplementations(int size, String root) {
        assertThat(HexFormat.of().formatHex(MerkleTree.root(LEAVES.subList(0, size))))
                .isEqualTo(root);
    }

    @Test
    void theGrowingEdgeAgreesWithTheRecursiveDefinitionAtEverySize() {
        Frontier frontier = new Frontier();
        List<byte[]> leaves = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            assertThat(frontier.root()).isEqualTo(MerkleTree.root(leaves));
            byte[] leaf = MerkleTree.leaf(("entry " + i).getBytes(StandardCharsets.UTF_8));
            leaves.add(leaf);
            frontier.append(leaf);
        }
    }

    @Test
    void theEdgeCanBePutAwayAndTakenUpAgain() {
        Frontier frontier = new Frontier();
        for (byte[] leaf : LEAVES.subList(0, 5)) {
            frontier.append(leaf);
        }
        Frontier again = new Frontier(frontier.size(), frontier.bytes());
        LEAVES.subList(5, 8).forEach(again::append);
        assertThat(again.root()).isEqualTo(MerkleTree.root(LEAVES));
        assertThat(frontier.root()).isEqualTo(MerkleTree.root(LEAVES.subList(0, 5)));
    }

    @Test
    void anEdgeThatDoesNotFitItsSizeIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Frontier(3, new byte[32]));
    }
}
