package io.countersign.it.world;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.util.List;
import java.util.Map;

/** Debian's Chromium, without a window. Each person gets a context, and so cookies, of their own. */
public final class Browser implements AutoCloseable {

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser chromium;

    private Browser(Playwright playwright, com.microsoft.playwright.Browser chromium) {
        this.playwright = playwright;
        this.chromium = chromium;
    }

    public static Browser start() {
        var program = Debian.program("/usr/bin/chromium", "chromium");
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        return new Browser(
                playwright,
                playwright
                        .chromium()
                        .launch(new LaunchOptions()
                                .setExecutablePath(program)
                                .setArgs(List.of(
                                        "--no-sandbox",
                                        "--disable-gpu",
                                        "--disable-quic",
                                        "--no-first-run",
                                        "--disable-background-networking",
                                        "--disable-component-update",
                                        "--disable-sync"))));
    }

    /** A page on which {@code login} has signed in, at the console's start. */
    public Page signedIn(Demo demo, String login) {
        Page page = fresh();
        page.navigate(demo.console());
        page.fill("[data-test=name]", login);
        page.fill("[data-test=password]", demo.password(login));
        page.click("[data-test=sign-in]");
        page.waitForSelector("[data-test=sign-out]");
        return page;
    }

    /** A page of somebody unknown. */
    public Page fresh() {
        BrowserContext context = chromium.newContext();
        context.setDefaultTimeout((double) Await.PATIENCE.toMillis());
        return context.newPage();
    }

    @Override
    public void close() {
        chromium.close();
        playwright.close();
    }
}
