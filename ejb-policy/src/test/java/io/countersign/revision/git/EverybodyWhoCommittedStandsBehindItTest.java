package io.countersign.revision.git;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.policy.Author.Hand;
import io.countersign.policy.Policy;
import io.countersign.policy.Policy.SourceFile;
import io.countersign.revision.git.Contributors.Since;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who wrote a policy that came by git is asked of all commits since what is in force, not of the last one. */
class EverybodyWhoCommittedStandsBehindItTest {

    private static final String SHOP = "policy/shop.yaml";

    @TempDir
    private Path folder;

    private Written written;
    private PolicyBranch branch;

    @BeforeEach
    void begin() throws Exception {
        written = Written.in(folder.resolve("upstream"));
        branch = new PolicyBranch(
                new Upstream(written.folder.toString(), "main", "policy", Optional.empty()),
                folder.resolve("copy.git"),
                Clock.systemUTC());
    }

    @AfterEach
    void end() {
        written.close();
    }

    @Test
    void notOnlyWhoMadeTheLastCommit() throws Exception {
        String inForce = written.commit("erin", SHOP, "1");
        written.commit("bob", SHOP, "2, bob's own");
        written.commit("carol", "policy/comment.yaml", "# trivial");

        Contributors found = since(inForce);

        assertThat(names(found)).containsExactlyInAnyOrder("bob", "carol");
        assertThat(found.since()).isEqualTo(Since.IN_FORCE);
        assertThat(found.commits()).isEqualTo(2);
        assertThat(found.subject()).isEqualTo("Change policy/comment.yaml");
        assertThat(found.complete()).isTrue();
    }

    @Test
    void butNobodyWhoTouchedOnlyWhatIsNoPolicy() throws Exception {
        String inForce = written.commit("erin", SHOP, "1");
        written.commit("dave", "docs/readme", "of something else");
        written.commit("bob", SHOP, "2");
        assertThat(names(since(inForce))).containsExactly("bob");
    }

    @Test
    void whoCommittedAndWhoHelpedToo() throws Exception {
        String inForce = written.commit("erin", SHOP, "1");
        written.commit(
                "bob", "carol", SHOP, "2", "Change it\n\nTogether.\n\nCo-authored-by: Dave <DAVE@example.com>\n");
        assertThat(since(inForce).hands())
                .extracting(Hand::email)
                .containsExactly("bob@example.com", "carol@example.com", "dave@example.com");
    }

    @Test
    void whoMergesChangesWhatTheBranchSaysToo() throws Exception {
        String inForce = written.commit("erin", SHOP, "1");
        written.branch("topic", inForce);
        written.commit("bob", "policy/more.yaml", "2");
        written.main();
        written.commit("erin", "docs/readme", "meanwhile");
        written.merge("carol", "topic");
        assertThat(names(since(inForce))).containsExactlyInAnyOrder("bob", "carol");
    }

    @Test
    void aRewrittenHistoryCountsFromWhatBothHaveInCommon() throws Exception {
        String common = written.commit("erin", SHOP, "1");
        String inForce = written.commit("alice", SHOP, "2");
        branch.pull();
        written.reset(common);
        written.commit("bob", SHOP, "3");
        written.commit("carol", "policy/comment.yaml", "# trivial");

        Contributors found = since(inForce);

        assertThat(found.since()).isEqualTo(Since.REWRITTEN);
        assertThat(names(found)).containsExactlyInAnyOrder("bob", "carol");
    }

    @Test
    void andFromItsBeginningWhereNothingIsLeftOfWhatIsInForce() throws Exception {
        written.commit("erin", SHOP, "1");
        written.commit("bob", SHOP, "2");
        Contributors found = since("0123456789012345678901234567890123456789");
        assertThat(found.since()).isEqualTo(Since.REWRITTEN);
        assertThat(names(found)).containsExactlyInAnyOrder("erin", "bob");
    }

    @Test
    void whatWasUploadedIsLookedForInTheHistory() throws Exception {
        written.commit("erin", SHOP, "1");
        written.commit("dave", SHOP, "uploaded");
        written.commit("bob", SHOP, "3");
        String revision = Policy.revision(List.of(new SourceFile("shop.yaml", "uploaded")));

        Contributors found = branch.contributors(branch.pull(), Optional.empty(), Optional.of(revision));
        assertThat(found.since()).isEqualTo(Since.IN_FORCE);
        assertThat(names(found)).containsExactly("bob");

        Contributors nowhere = branch.contributors(branch.pull(), Optional.empty(), Optional.of("0".repeat(64)));
        assertThat(nowhere.since()).isEqualTo(Since.ANYTHING);
        assertThat(names(nowhere)).containsExactlyInAnyOrder("erin", "dave", "bob");
    }

    @Test
    void whoHasNoAddressIsNotPassedOver() throws Exception {
        String inForce = written.commit("erin", SHOP, "1");
        written.commit("bob", "bob", SHOP, "2", "Change it\n\nCo-authored-by: somebody\n");
        assertThat(since(inForce).complete()).isFalse();
    }

    @Test
    void aBranchThatWasOnlySetBackHasNobodyToNameButIsSeen() throws Exception {
        String before = written.commit("erin", SHOP, "1");
        String inForce = written.commit("bob", SHOP, "2");
        branch.pull();
        written.reset(before);
        Contributors found = since(inForce);
        assertThat(found.since()).isEqualTo(Since.REWRITTEN);
        assertThat(found.complete()).isFalse();
    }

    private Contributors since(String inForce) throws Exception {
        return branch.contributors(branch.pull(), Optional.of(inForce), Optional.empty());
    }

    private static List<String> names(Contributors found) {
        return found.hands().stream().map(Hand::name).toList();
    }
}
