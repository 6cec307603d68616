package io.adit.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import org.junit.After;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Test;

/**
 * The pages in the web console of a proxy and of a peer, in a real browser: what they show is true, what they do is done, and nothing that a visitor
 * sends does harm. Leaves pictures of all pages in {@code target/it/ConsoleIT/pictures}.
 */
public class ConsoleIT {

    /** What a visitor may send; a byte each. */
    private static final String HOSTILE = "<script>document.title='owned'</script>\"'><img src=x onerror=document.title=1>" + new String(
        "\u202e\u05d0\u05d1 ${appRoot} \ud83d\ude00".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    private static final String SECRET = "s3cr3t-of-somebody";

    /** {@code mvn verify -Dadit.pictures.write=true} makes those of the documents anew. */
    private static final List<String> IN_DOCS = List.of("overview-light.png", "requests-dark.png", "peer-own-light-phone.png");
    private static final boolean WRITE = Boolean.getBoolean("adit.pictures.write");
    private static final Path DOCS = Path.of("../docs/pictures");

    private static Site site;
    private static ConsolePage console;
    private static ConsolePage peer;
    private static DevTools browser;
    private static Path pictures;
    private static final CountDownLatch HOLD = new CountDownLatch(1);

    @BeforeClass
    public static void start() throws Exception {
        site = Site.shared(ConsoleIT.class);
        console = new ConsolePage(site.proxyAddress("admin"), site.proxyHome());
        peer = new ConsolePage(site.peerAddress("admin"), site.peerHome());
        pictures = Files.createDirectory(site.folder().resolve("pictures"));
        site.origin().on("/slow", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(new byte[900]);
            exchange.getResponseBody().flush();
            try {
                HOLD.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        site.origin().on("/cookie", exchange -> {
            exchange.getResponseHeaders().add("Set-Cookie", "sid=" + SECRET);
            exchange.getResponseHeaders().add("X-Hostile", HOSTILE);
            Origin.answer(exchange, 200, "{\"answer\": \"<b>42</b>\"}".getBytes(StandardCharsets.UTF_8));
        });
        site.origin().on("/", exchange -> Origin.answer(exchange, 200, exchange.getRequestMethod().equals("HEAD") ? new byte[0] : "home".getBytes(StandardCharsets.UTF_8)));
        site.origin().on("/broken", exchange -> Origin.answer(exchange, 500, "oh".getBytes(StandardCharsets.UTF_8)));
        if (Program.find(DevTools.PROGRAM).isPresent()) {
            browser = DevTools.start(Files.createDirectory(site.folder().resolve("browser")));
            browser.login("admin", console.password());
        }
    }

    @AfterClass
    public static void stop() throws Exception {
        HOLD.countDown();
        if (browser != null) {
            browser.close();
        }
        if (site != null) {
            site.stop();
        }
    }

    @Before
    public void desktop() throws Exception {
        if (browser != null) {
            browser.look(1280, 900, false);
        }
    }

    @After
    public void nothingWentWrongInThePage() {
        if (browser != null) {
            assertEquals(List.of(), browser.problems());
        }
    }

    private static void assumeBrowser() throws Exception {
        Program.assumeInstalled(ConsoleIT.class, DevTools.PROGRAM);
    }

    private static void open(ConsolePage where, String path) throws Exception {
        browser.open(where.url(path));
        see("the page is live", "document.querySelector('#adit .live.on') !== null");
    }

    private static void see(String what, String condition) throws Exception {
        Await.until(what + "; the page: " + browser.evaluate("document.body ? document.body.innerText.slice(0, 2000) : ''"), () -> browser.evaluate(condition).equals("true"));
    }

    private static void seeText(String selector, String text) throws Exception {
        see(selector + " says " + text, "[...document.querySelectorAll('" + selector + "')].some(each => each.textContent.includes('" + text + "'))");
    }

    private static void click(String selector, String text) throws Exception {
        see("there is " + selector + " " + text, button(selector, text) + " !== undefined");
        browser.evaluate(button(selector, text) + ".click()");
    }

    private static String button(String selector, String text) {
        return "[...document.querySelectorAll('" + selector + "')].find(each => each.textContent.trim().startsWith('" + text + "') && !each.disabled && !each.closest('dialog:not([open])'))";
    }

    private static void type(String selector, String text) throws Exception {
        browser.evaluate("(() => { const field = document.querySelector('" + selector + "'); field.value = '" + text
            + "'; field.dispatchEvent(new Event('input', {bubbles: true})); field.dispatchEvent(new Event('change', {bubbles: true})); })()");
    }

    private static void send(String path, String fields) throws Exception {
        try (RawRequest request = RawRequest.open(site.web(), "GET", path, fields)) {
            assertTrue(request.readLine().startsWith("HTTP/1.1 "));
        }
    }

    /** The latest request for that path. */
    private static Map<String, Object> logged(String path) throws Exception {
        return Await.value("the request is in the log: " + path, () -> console.rows("requests?q=" + path, "rows").stream().filter(row -> row.get("how") != null).findFirst());
    }

    private static String session() throws Exception {
        return console.rows("peer?name=demo", "sessionList").stream().map(each -> (String) each.get("id")).findFirst().orElse("");
    }

    private static void awaitOtherSession(String than) throws Exception {
        Await.until("the peer is back with another session", () -> !session().isEmpty() && !session().equals(than));
    }

    // ---- who may do what

    @Test
    public void nobodyGetsInWithoutALogin() throws Exception {
        for (String path : List.of("adit", "adit-peers/data/peers", "adit-codecs/data/codecs")) {
            assertEquals(path, 401, console.getWithoutLogin(path).statusCode());
        }
    }

    @Test
    public void aChangeIsRefusedWithoutTokenOrFromElsewhere() throws Exception {
        String token = console.token();
        String here = site.proxyAddress("admin");
        for (String[] headers : new String[][] {{}, {"Origin", here}, {"X-Adit-Token", token}, {"X-Adit-Token", token, "Origin", "http://evil.example"},
            {"X-Adit-Token", token, "Origin", "null"}, {"X-Adit-Token", token, "Origin", here, "Sec-Fetch-Site", "cross-site"},
            {"X-Adit-Token", "x" + token, "Origin", here}, {"X-Adit-Token", peer.token(), "Origin", here}}) {
            for (String action : List.of("drain", "disconnect", "move", "revoke", "probe", "invite", "terms", "prefer", "bodies", "clear", "replay")) {
                HttpResponse<String> answer = console.post("act/" + action, "name=demo&version=1&id=1&proxy=x&value=on", headers);
                assertEquals(action + " " + List.of(headers), 403, answer.statusCode());
            }
            assertEquals("upload", 403, console.post("upload", "x", headers).statusCode());
        }
        assertEquals("a GET changes nothing", 404, console.get("adit/act/clear").statusCode());
        assertEquals(404, console.post("act/nonsense", "", "X-Adit-Token", token, "Origin", here).statusCode());
        for (String form : List.of("", "name=", "name=demo&proxy=nowhere")) {
            HttpResponse<String> answer = console.post("act/move", form, "X-Adit-Token", token, "Origin", here);
            assertTrue(form + answer.body(), answer.statusCode() == 400 || answer.statusCode() == 409);
            assertTrue(answer.body(), answer.body().startsWith("{\"error\":\""));
        }
    }

    /** The plugins of Felix know no token, and one of them installs bundles. */
    @Test
    public void pagesFromElsewhereAskForNothingInTheWholeConsole() throws Exception {
        assertEquals(403, console.post("../bundles", "action=refreshPackages", "Origin", "http://evil.example").statusCode());
        assertEquals(403, console.post("../bundles", "action=refreshPackages", "Sec-Fetch-Site", "cross-site").statusCode());
        assertEquals("a program", 200, console.post("../bundles", "action=refreshPackages").statusCode());
        String health = console.url("").replaceFirst("console/$", "health.json");
        assertEquals(403, console.getWithoutLogin(health, "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors").statusCode());
        assertEquals(200, console.getWithoutLogin(health).statusCode());
    }

    @Test
    public void thePolicyAllowsNothingInlineButTheFrames() throws Exception {
        HttpResponse<String> page = console.get("adit");
        String policy = page.headers().firstValue("Content-Security-Policy").orElse("");
        assertTrue(policy, policy.contains("default-src 'none'") && policy.contains("script-src 'self' 'sha256-") && !policy.contains("unsafe-inline") && !policy.contains("unsafe-eval"));
        String ours = page.body().substring(page.body().indexOf("<div id=\"adit\""));
        assertFalse(ours, ours.contains("style=") || ours.matches("(?s).*<script[^>]*>[^<].*") || ours.matches("(?s).*\\son[a-z]+=.*"));
        assertEquals("nosniff", console.get("adit/res/adit.js").headers().firstValue("X-Content-Type-Options").orElse(""));
        assertEquals(404, console.get("adit/res/../Console.class").statusCode());
        assertEquals(404, console.get("adit/res/none.js").statusCode());
    }

    // ---- what the pages show and do

    @Test
    public void theOverviewIsTrue() throws Exception {
        assumeBrowser();
        open(console, "adit");
        double before = ((Number) console.data("overview").get("requests")).doubleValue();
        for (int i = 0; i < 30; i++) {
            assertEquals(200, site.web().status("/hello?overview"));
        }
        assertEquals(500, site.web().status("/broken"));
        Map<String, Object> now = console.data("overview");
        assertTrue(now.toString(), ((Number) now.get("requests")).doubleValue() >= before + 31);
        assertTrue(now.toString(), ((Number) now.get("errors")).longValue() >= 1);
        see("the median is there, without a reload", "[...document.querySelectorAll('.tile')].some(tile => tile.textContent.includes('Median') && /[0-9]/.test(tile.querySelector('strong').textContent))");
        see("the line of requests has a peak", "document.querySelector('.tile .line').getAttribute('d').length > 20");
        seeText(".summary", "1 of ");
        seeText("td", "connected");
        seeText("td a", "demo");
    }

    @Test
    public void peersAreFoundAndSorted() throws Exception {
        assumeBrowser();
        for (String name : List.of("find-alpha", "find-beta", "find-gamma")) {
            console.act("invite", "name=" + name);
        }
        open(console, "adit-peers");
        type(".tools input[type=search]", "find-");
        see("three match", "document.querySelectorAll('.peers tbody tr').length === 3");
        click(".peers th button", "Name");
        see("the last comes first", "document.querySelector('.peers tbody td')?.textContent === 'find-gamma'");
        assertEquals("descending", browser.evaluate("document.querySelector('.peers th').getAttribute('aria-sort')"));
        type(".tools select", "online");
        see("none is online", "document.querySelectorAll('.peers tbody tr').length === 0 && !document.querySelector('.peers .empty').hidden");
        type(".tools input[type=search]", "demo");
        see("but that one is", "document.querySelector('.peers tbody td.name')?.textContent === 'demo'");
        assertEquals("127.0.0.1", browser.evaluate("document.querySelector('.peers tbody tr').children[3].textContent.split(':')[0]"));
        for (String name : List.of("find-alpha", "find-beta", "find-gamma")) {
            assertEquals(true, console.act("revoke", "name=" + name).get("ok"));
        }
    }

    @Test
    public void aProbeSaysWhatIsWrong() throws Exception {
        assumeBrowser();
        open(console, "adit-peers?name=demo");
        click(".buttons button", "Probe");
        seeText("dialog .verdict.good", "All is well");
        browser.screenshot(pictures.resolve("probe.png"));
        browser.press("Escape");
        see("Escape closes it", "document.querySelector('dialog') === null");
        site.origin().shut();
        try {
            click(".buttons button", "Probe");
            seeText("dialog .verdict.bad", "cannot reach its web server");
        } finally {
            site.origin().open();
        }
        assertTrue(console.act("probe", "name=nobody").get("verdict").toString().contains("not registered"));
        console.act("invite", "name=never-came");
        assertTrue(console.act("probe", "name=never-came").get("verdict").toString().contains("not connected"));
        console.act("revoke", "name=never-came");
    }

    @Test
    public void aPeerIsDrainedDisconnectedAndRevoked() throws Exception {
        assumeBrowser();
        String first = session();
        open(console, "adit-peers?name=demo");
        click(".buttons button", "Drain");
        awaitOtherSession(first);
        String second = session();
        click(".buttons button", "Disconnect");
        click("dialog button", "Disconnect");
        awaitOtherSession(second);
        seeText("td", "ended");
        console.act("invite", "name=short-lived");
        open(console, "adit-peers?name=short-lived");
        click(".buttons button", "Revoke");
        click("dialog button", "Cancel");
        assertTrue("a second thought", console.rows("invitations?q=short-lived", "rows").size() == 1);
        click(".buttons button", "Revoke");
        click("dialog button.danger", "Revoke");
        Await.until("the name is no more", () -> console.rows("invitations?q=short-lived", "rows").isEmpty());
        site.awaitServing();
        browser.open("about:blank"); // the page of a peer that is no more has nothing to show
        browser.problems();
    }

    @Test
    public void aPeersPageShowsWhatItsStreamsDo() throws Exception {
        assumeBrowser();
        try (RawRequest slow = RawRequest.open(site.web(), "GET", "/slow?stream", "")) {
            assertTrue(slow.readLine().startsWith("HTTP/1.1 200"));
            open(console, "adit-peers?name=demo");
            seeText(".session td.target", "/slow?stream");
            see("its bytes", "[...document.querySelectorAll('.session tbody tr')].some(row => row.textContent.includes('/slow?stream') && row.textContent.includes('900'))");
            seeText(".events td, td", "connected");
            see("the throughput is drawn", "document.querySelector('.throughput .line.in').getAttribute('d').length > 3");
        }
    }

    @Test
    public void requestsAreShownWithoutSecretsAndWithoutHarm() throws Exception {
        assumeBrowser();
        open(console, "adit-requests");
        send("/cookie?token=" + SECRET + "&q=%3Cscript%3E'%22", "Cookie: sid=" + SECRET + "\r\nAuthorization: Bearer " + SECRET + "\r\nX-Long: " + "y".repeat(8000)
            + "\r\nX-Markup: <script>document.title='owned'</script>\"'><img src=x onerror=document.title=1>\r\nConnection: close\r\n");
        String row = "[...document.querySelectorAll('.requests tbody tr')].find(each => each.textContent.includes('/cookie'))";
        see("the request comes without a reload", row + " !== undefined");
        browser.evaluate(row + ".focus()");
        browser.press("Enter");
        seeText(".details dd", "[redacted]");
        seeText(".details dd", "<script>document.title=");
        see("the details are whole", "document.querySelector('.details').textContent.includes('y'.repeat(8000)) && document.querySelector('.legs li') !== null");
        see("nothing turns it around", "document.querySelector('.details').textContent.includes('\\u27e8U+202E\\u27e9\\u05d0\\u05d1 ${appRoot}')");
        assertFalse(browser.evaluate("document.body.textContent").contains(SECRET));
        assertEquals("Apache Felix Web Console - Requests", browser.title());
        assertEquals("nothing became an element", "0", browser.evaluate("document.querySelectorAll('#adit img, #adit script').length"));
        Map<String, Object> logged = logged("/cookie");
        Map<String, Object> details = console.data("request?id=" + logged.get("id"));
        assertFalse(details.toString(), details.toString().contains(SECRET));
        assertFalse(console.get("adit-requests/data/har?peer=demo").body().contains(SECRET));
        for (String kind : List.of("error", "2", "running")) {
            type(".tools select", kind);
            see("the filter holds for " + kind, (kind.equals("2") ? row + " !== undefined" : row + " === undefined"));
        }
        type(".tools select", "");
        type(".tools input[type=search]", "no such thing");
        see("nothing matches", "document.querySelectorAll('.requests tbody tr').length === 0");
    }

    @Test
    public void bodiesAreKeptOnDemandAndSentAgain() throws Exception {
        assertEquals(null, console.data("request?id=" + posted("before").get("id")).get("requestBody"));
        assertTrue(((Number) console.act("bodies", "name=demo&value=on").get("until")).longValue() > System.currentTimeMillis());
        Map<String, Object> details = console.data("request?id=" + posted("kept").get("id"));
        assertEquals("kept of somebody", ((Map<?, ?>) details.get("requestBody")).get("text"));
        assertEquals("kept of somebody", ((Map<?, ?>) details.get("responseBody")).get("text"));
        assertTrue(details.toString(), ((String) details.get("curl")).contains("--data-raw 'kept of somebody'"));
        Map<String, Object> again = console.act("replay", "id=" + details.get("id"));
        assertEquals(200L, ((Number) again.get("status")).longValue());
        assertEquals("kept of somebody", ((Map<?, ?>) again.get("body")).get("text"));
        console.act("bodies", "name=demo&value=off");
        assertEquals(null, console.data("request?id=" + posted("after").get("id")).get("requestBody"));
        Map<?, ?> har = (Map<?, ?>) console.data("har?q=/echo").get("log");
        assertEquals("1.2", har.get("version"));
        assertTrue(har.toString(), ((List<?>) har.get("entries")).size() >= 3);
    }

    private static Map<String, Object> posted(String word) throws Exception {
        assertEquals(word + " of somebody", new String(site.web().post("/echo?" + word, (word + " of somebody").getBytes(StandardCharsets.UTF_8)).body(), StandardCharsets.UTF_8));
        return logged("/echo?" + word);
    }

    @Test
    public void codecsArePreferredAndExchanged() throws Exception {
        assumeBrowser();
        open(console, "adit-codecs");
        see("two versions, one session", "document.querySelectorAll('.table tbody tr').length >= 2 && document.querySelector('.summary').textContent.startsWith('1 session')");
        browser.evaluate("[...document.querySelectorAll('.table tbody tr')].find(row => row.textContent.startsWith('v1')).querySelector('button').click()");
        see("the session moved to v1", "[...document.querySelectorAll('.table tbody tr')].some(row => row.children[0].textContent === 'v1' && row.children[3].textContent === '1')");
        Await.until("that is an event of the peer", () -> console.rows("peer?name=demo", "events").stream().anyMatch(each -> each.get("kind").equals("switched")));
        click(".buttons button", "Back to the configured order");
        see("and back to v2", "[...document.querySelectorAll('.table tbody tr')].some(row => row.children[0].textContent === 'v2' && row.children[3].textContent === '1')");
        Path jar;
        try (Stream<Path> bundles = Files.list(Adit.dist().resolve("bundles"))) {
            jar = bundles.filter(each -> each.getFileName().toString().startsWith("io.adit.codec.v1-")).findFirst().orElseThrow();
        }
        upload("io.adit.codec.v1.jar", Files.readAllBytes(jar));
        seeText(".progress.done", "runs, before");
        upload("no-bundle.jar", "nonsense".getBytes(StandardCharsets.UTF_8));
        see("what is no bundle is refused", "document.querySelector('.progress.failed') !== null");
        site.awaitServing();
    }

    /** As if the user had chosen a file. */
    private static void upload(String name, byte[] content) throws Exception {
        browser.evaluate("(() => { const list = new DataTransfer(); list.items.add(new File([Uint8Array.from(atob('" + java.util.Base64.getEncoder().encodeToString(content)
            + "'), each => each.charCodeAt(0))], '" + name + "')); document.querySelector('input[type=file]').files = list.files; })()");
        click("button", "Exchange");
        click("dialog button", "Exchange");
    }

    @Test
    public void anInvitationIsShownOnceAndWorks() throws Exception {
        assumeBrowser();
        open(console, "adit-invitations");
        type("#invite-name", "guest");
        type("form.tools span select", "7");
        browser.evaluate("document.getElementById('invite-name').focus()");
        browser.press("Enter");
        see("it is there, with a QR code", "document.querySelector('.invitation textarea') !== null && document.querySelector('.invitation svg path').getAttribute('d').length > 1000");
        String invitation = browser.evaluate("document.querySelector('.invitation textarea').value");
        assertTrue(invitation, invitation.startsWith("adit://guest:"));
        browser.screenshot(pictures.resolve("invitation.png"));
        open(console, "adit-invitations");
        assertEquals("once", "null", browser.evaluate("document.querySelector('.invitation')"));
        assertFalse(console.get("adit-invitations/data/invitations").body().contains(invitation.substring(13, 40)));
        long week = TimeUnit.DAYS.toMillis(7);
        long left = ((Number) console.rows("invitations?q=guest", "rows").get(0).get("expires")).longValue() - System.currentTimeMillis();
        assertTrue("it ends in a week: " + left, left > week - 300_000 && left < week + 300_000);
        seeText("td", "in 7");
        console.act("terms", "name=guest&expires=never&peers=2");
        seeText("td", "0 of 2");
        assertEquals(null, console.rows("invitations?q=guest", "rows").get(0).get("expires"));
        Path home = site.folder().resolve("guest");
        try (Adit guest = Adit.start(Adit.HOSTED, List.of("peer", "--home", home.toString(), "--invite", invitation, "--origin", site.origin().url()))) {
            guest.awaitReady();
            assertEquals(200, site.web("guest").status("/hello"));
            seeText("td", "guest");
            click("tr button.danger", "Revoke");
            click("dialog button", "Cancel");
            console.act("revoke", "name=guest");
            guest.awaitExit(1);
        }
        type("#invite-name", "-not a name-");
        browser.evaluate("document.querySelector('form.tools').requestSubmit()");
        seeText(".toast.bad", "is not a name");
        browser.problems(); // the browser calls the refusal an error
    }

    @Test
    public void aNameGetsTermsADomainAndAnotherName() throws Exception {
        assumeBrowser();
        console.act("invite", "name=tenant");
        open(console, "adit-invitations");
        type(".tools input[type=search]", "tenant");
        see("that one only", "document.querySelectorAll('.names td.acts').length === 1");
        click(".names td.acts button", "Terms");
        type("dialog select", "30");
        type("dialog input[type=number]", "3");
        type("dialog input[aria-label=Quota]", "speed=1");
        click("dialog .buttons button", "Change");
        seeText(".toast.bad", "there is no quota");
        browser.problems(); // the browser calls the refusal an error
        type("dialog input[aria-label=Quota]", "streams=20,bandwidth=10M,rate=none");
        type("dialog input[aria-label=Notify]", "bob@example.org, carol@example.net");
        browser.screenshot(pictures.resolve("terms.png"));
        click("dialog .buttons button", "Change");
        seeText("td", "20 streams, any rate, 10.0\u00a0MiB/s");
        Map<String, Object> tenant = console.rows("invitations?q=tenant", "rows").get(0);
        assertEquals("streams=20,rate=none,bandwidth=10485760", tenant.get("quota"));
        assertEquals("bob@example.org, carol@example.net", tenant.get("notify"));
        assertEquals(3L, tenant.get("peers"));
        type("#domain-domain", "www.tenant.example");
        type("#domain-name", "tenant");
        browser.evaluate("document.querySelector('#domain-domain').form.requestSubmit()");
        seeText(".domains code", "_adit.www.tenant.example TXT \"adit-domain=");
        browser.allowCopying(console.url("").replaceFirst("/system.*", ""));
        click(".domains button", "Copy");
        seeText(".toast", "Copied.");
        String copied = browser.evaluate("await navigator.clipboard.readText()");
        assertTrue(copied, copied.matches("_adit\\.www\\.tenant\\.example\\. TXT \"adit-domain=[0-9A-Za-z_-]+\""));
        click(".domains button", "Check now");
        seeText(".toast", "www.tenant.example of tenant is waiting: no name server answers");
        browser.screenshot(pictures.resolve("domain.png"));
        click(".domains button", "Remove");
        click("dialog button.danger", "Remove");
        see("it is gone", "document.querySelectorAll('.domains tbody tr').length === 0");
        click(".names td.acts button", "Rename");
        type("dialog input", "tenant-two");
        click("dialog .buttons button", "Rename");
        seeText("td.name", "tenant-two");
        assertEquals("its terms are kept", 3L, console.rows("invitations?q=tenant-two", "rows").get(0).get("peers"));
        String givenUp = "[...document.querySelectorAll('.released tbody tr')].find(row => row.firstElementChild.textContent === 'tenant')";
        see("the old name is in quarantine", givenUp + "?.textContent.includes('tenant-two')");
        browser.evaluate(givenUp + ".querySelector('button').click()");
        see("it is free", givenUp + " === undefined");
        console.act("revoke", "name=tenant-two");
        console.act("release", "name=tenant-two");
    }

    @Test
    public void aPeerIsMovedAndTheListOfRequestsPauses() throws Exception {
        assumeBrowser();
        open(console, "adit-peers?name=demo");
        click(".buttons button", "Move");
        see("the proxies are offered", "document.querySelector('dialog select').options.length === 1");
        click("dialog .buttons button", "Move");
        seeText(".toast", "is assigned to");
        site.awaitServing();
        open(console, "adit-requests");
        click(".tools button", "Pause");
        see("it says so", button(".tools button", "Go on") + " !== undefined");
        assertEquals(404, site.web().status("/while-paused"));
        logged("/while-paused");
        assertFalse("not shown", browser.evaluate("document.querySelector('.requests').textContent").contains("/while-paused"));
        click(".tools button", "Go on");
        seeText(".requests td.target", "/while-paused");
    }

    @Test
    public void aPeersOwnerSeesHowItIs() throws Exception {
        assumeBrowser();
        site.awaitServing();
        browser.login("admin", peer.password());
        try {
            open(peer, "adit-peer");
            seeText(".verdict.good", "Your site can be reached.");
            seeText(".url a", URI.create(site.peerAddress("url")).getHost());
            see("the QR code", "document.querySelector('.code-box svg path').getAttribute('d').length > 500");
            assertEquals(200, site.web().status("/hello?for-the-owner"));
            seeText("td.target", "/hello?for-the-owner");
            assertEquals("no page that makes no sense here", "Requests,Codecs,This peer", browser.evaluate("[...document.querySelectorAll('.tabs a')].map(each => each.textContent).join()"));
            photograph(peer, "adit-peer", "peer-own", "");
        } finally {
            browser.login("admin", console.password());
        }
    }

    // ---- Felix's form of a configuration

    @Test
    public void aBadValueInTheFormHarmsNobody() throws Exception {
        assumeBrowser();
        browser.look(1000, 700, false);
        try {
            browser.language("de-DE");
            browser.open(console.url("configMgr/io.adit.port"));
            seeText("td", "Lesepuffer");
            seeText("td", "Wie viele Anfragen gleichzeitig auf den Endpunkt warten; die weiteren bekommen 503. Anfragen, 0..100000.");
        } finally {
            browser.language("en-US");
        }
        openForm();
        browser.screenshot(pictures.resolve("configuration.png"));
        if (WRITE) {
            Files.copy(pictures.resolve("configuration.png"), DOCS.resolve("configuration.png"), StandardCopyOption.REPLACE_EXISTING);
        }
        save("-4");
        Path log = site.proxyHome().resolve("log").resolve("adit.log");
        Await.until("it is refused", () -> Files.readString(log).contains("io.adit.proxy: hold.max must be in 0..100000, not '-4'; "));
        site.awaitServing();
        openForm();
        save("1000");
        site.awaitServing();
    }

    private static void openForm() throws Exception {
        browser.open(console.url("configMgr/io.adit.proxy"));
        seeText("td", "How many requests wait for the registry at a time; those beyond get 503. Requests, 0..100000.");
    }

    private static void save(String value) throws Exception {
        browser.evaluate("document.querySelector('[name=\"hold.max\"]').value = '" + value + "'");
        click(".ui-dialog-buttonset button", "Save");
        see("it is saved", "document.querySelector('.ui-dialog-buttonset')?.offsetParent == null");
    }

    // ---- pictures

    @Test
    public void pictures() throws Exception {
        assumeBrowser();
        for (String name : List.of("camera", "garage", "print-server", "weather-station")) {
            console.act("invite", "name=" + name);
        }
        try (Traffic traffic = new Traffic(site.web())) {
            traffic.awaitPlot();
            photograph(console, "adit", "overview", "");
            photograph(console, "adit-peers", "peers", "");
            photograph(console, "adit-peers?name=demo", "peer", "");
            photograph(console, "adit-requests", "requests", "document.querySelector('.requests tbody tr:nth-child(6)').click()");
            photograph(console, "adit-codecs", "codecs", "");
            photograph(console, "adit-invitations", "invitations", "");
        }
        for (String name : List.of("camera", "garage", "print-server", "weather-station")) {
            console.act("revoke", "name=" + name);
        }
    }

    /** Requests of all kinds, some fifty a second where people are to see them. */
    private static final class Traffic implements AutoCloseable {
        private static final List<String> PATHS = List.of("/", "/hello", "/hello?page=2", "/cookie?access_token=abc", "/missing", "/broken", "/hello", "/img/logo.svg");
        private static final long PAUSE_NANOS = WRITE ? 20_000_000 : 100_000_000;
        private final Thread thread;
        private volatile boolean over;

        Traffic(Web web) {
            thread = new Thread(() -> {
                for (int i = 0; !over; i++) {
                    try {
                        web.status(PATHS.get(i % PATHS.size()));
                        if (i % 5 == 0) {
                            web.post("/echo", new byte[(i % 40) * 1000]);
                        }
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }, "traffic");
            thread.start();
        }

        /** Until there is something to see. */
        void awaitPlot() throws Exception {
            Await.until("some seconds of traffic", () -> {
                Map<?, ?> tile = (Map<?, ?>) ((Map<?, ?>) console.data("overview").get("tiles")).get("requests");
                return ((List<?>) tile.get("series")).stream().filter(each -> ((Number) each).doubleValue() > 0).count() >= 8;
            });
        }

        @Override
        public void close() throws Exception {
            over = true;
            thread.join();
        }
    }

    private static void photograph(ConsolePage where, String path, String name, String then) throws Exception {
        for (boolean dark : new boolean[] {false, true}) {
            for (int width : new int[] {1280, 390}) {
                if (!WRITE && dark != (width == 390)) {
                    continue; // each width and each look once; all of them where they are to be looked at
                }
                browser.look(width, width == 390 ? 844 : 900, dark);
                open(where, path);
                if (!then.isEmpty()) {
                    see("there is what to click", "document.querySelector('.requests tbody tr:nth-child(6)') !== null");
                    browser.evaluate(then);
                    see("details", "document.querySelector('.details .legs') !== null || document.querySelector('.details h2') !== null");
                }
                assertEquals("it fits the screen's width: " + path + " " + width, "true", browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth"));
                Path picture = pictures.resolve(name + (dark ? "-dark" : "-light") + (width == 390 ? "-phone" : "") + ".png");
                browser.screenshot(picture);
                if (WRITE && IN_DOCS.contains(picture.getFileName().toString())) {
                    Files.copy(picture, Files.createDirectories(DOCS).resolve(picture.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    @Test
    public void whatIsNotThereIsSaidSo() throws Exception {
        for (String data : List.of("peer?name=nobody", "peer", "request?id=123456789", "request?id=x", "nonsense")) {
            HttpResponse<String> answer = console.get("adit-peers/data/" + data);
            assertEquals(data, 404, answer.statusCode());
            assertTrue(answer.body(), answer.body().startsWith("{\"error\":\""));
        }
    }
}
