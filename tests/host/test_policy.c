// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies: what each text means, and where each bad text is said to be wrong.
 */
#include <glob.h>

#include "test.h"
#include "../../drivers/vtpm/policy/policy.h"
#include "../../drivers/vtpm/crypto/crypto.h"
#include "../../drivers/vtpm/property/property.h"

static bool check_at(bool ok, const char *what, const char *name, int line)
{
	if (!ok)
		test_fail(__FILE__, line, "%s: %s", name, what);
	return ok;
}

#define check(cond, name)	check_at(cond, #cond, name, __LINE__)

/* ---- providers of the test ---- */

static int do_nothing(void *priv __always_unused, u16 alg __always_unused,
		      unsigned int pcr __always_unused, const u8 *m __always_unused,
		      u8 *vpcr __always_unused)
{
	return 0;
}

static const char *const fake_modes[] = { "soft", "hard", NULL };
static const struct vtpm_option_desc fake_options[] = {
	{ "mode", fake_modes }, { "where", NULL },
};

#define FAKE(n)	.name = (n), .api_version = VTPM_PROVIDER_API, .options = fake_options,	\
		.option_count = ARRAY_SIZE(fake_options), .translate = do_nothing

static const struct vtpm_provider fakes[] = {
	{ FAKE("fake") }, { FAKE("p3") }, { FAKE("p4") }, { FAKE("p5") },
	{ FAKE("p6") }, { FAKE("p7") }, { FAKE("p8") },
};

/* ---- texts that are wrong ---- */

#define X10	"0123456789"
#define X50	"01234567890123456789012345678901234567890123456789"
#define X250	"01234567890123456789012345678901234567890123456789"	\
		"01234567890123456789012345678901234567890123456789"	\
		"01234567890123456789012345678901234567890123456789"	\
		"01234567890123456789012345678901234567890123456789"	\
		"01234567890123456789012345678901234567890123456789"
#define CERT	"provider certificate\n"

/* A text that may have zeros within, and its length. */
#define T(s)	.text = (s), .len = sizeof(s) - 1

struct bad {
	const char *text;
	size_t len;
	u32 line;
	u32 column;
	const char *reason;	/* a part of it */
};

static const struct bad bads[] = {
	/* bytes */
	{ T("\0"), 1, 1, "NUL" },
	{ T("bank sha256\n\0"), 2, 1, "NUL" },
	{ T("bank\0sha256\n"), 1, 5, "NUL" },
	{ T("# \0\n"), 1, 3, "NUL" },
	{ T("bank sha256\r\n"), 1, 12, "carriage return" },
	{ T("bank sha256\v"), 1, 12, "control character 0x0b" },
	{ T("\n\n  \x1b[1m\n"), 3, 3, "control character 0x1b" },
	{ T("name \x7f\n"), 1, 6, "control character 0x7f" },
	{ T("# K\xc3\xb6ln\n"), 1, 4, "byte 0xc3" },
	{ T("\357\273\277bank sha256\n"), 1, 1, "byte 0xef" },
	{ T("bank sha\xff\n"), 1, 9, "byte 0xff" },
	/* long lines */
	{ T("#" X250 "12345\n"), 1, 256, "more than 255 bytes" },
	{ T("bank sha256\n#" X250 "12345"), 2, 256, "more than 255 bytes" },
	{ T("#" X250 X250 "\n"), 1, 256, "more than 255 bytes" },
	/* statements */
	{ T("frobnicate\n"), 1, 1, "\"frobnicate\" is no statement" },
	{ T("\n \tbogus x y\n"), 2, 3, "\"bogus\" is no statement" },
	{ T("Bank sha256\n"), 1, 1, "\"Bank\" is no statement" },
	{ T("bank=sha256\n"), 1, 1, "is no statement" },
	{ T("hide pcr=0\n"), 1, 1, "\"hide\" is no statement" },
	{ T("readpcr=0 provider=hash\n"), 1, 1, "is no statement" },
	{ T(X50 "\n"), 1, 1, "\"" X10 X10 X10 "01\" is no statement" },
	/* name */
	{ T("name\n"), 1, 5, "name is missing" },
	{ T("name   # comment\n"), 1, 17, "name is missing" },
	{ T("name a/b\n"), 1, 6, "a name is 1 to 63" },
	{ T("name " X50 X10 "0123\n"), 1, 6, "a name is 1 to 63" },
	{ T("name a b\n"), 1, 8, "nothing can follow" },
	{ T("name a\nname b\n"), 2, 1, "second \"name\"" },
	{ T("name a\n\n  name a\n"), 3, 3, "second \"name\"" },
	/* provider */
	{ T("provider\n"), 1, 9, "name is missing" },
	{ T("provider # none\n"), 1, 16, "name is missing" },
	{ T("provider nobody\n"), 1, 10, "no provider \"nobody\" is registered" },
	{ T("provider cert\n"), 1, 10, "no provider \"cert\"" },
	{ T("provider certificates\n"), 1, 10, "no provider \"certificates\"" },
	{ T("provider Certificate\n"), 1, 10, "no provider \"Certificate\"" },
	{ T(CERT CERT), 2, 10, "provider \"certificate\" a second time" },
	{ T("provider hash\nprovider hash\n"), 2, 10, "provider \"hash\" a second time" },
	{ T("provider hash mode=x\n"), 1, 15, "provider \"hash\" has no option \"mode\"" },
	{ T("provider certificate x\n"), 1, 22, "\"x\": expected option=value" },
	{ T("provider certificate represent\n"), 1, 22, "expected option=value" },
	{ T("provider certificate =key\n"), 1, 22, "has no option \"\"" },
	{ T("provider certificate represent=\n"), 1, 32, "option \"represent\" cannot be \"\"" },
	{ T("provider certificate represent=keys\n"), 1, 32, "cannot be \"keys\"" },
	{ T("provider certificate represent=key=key\n"), 1, 32, "cannot be \"key=key\"" },
	{ T("provider certificate color=red\n"), 1, 22, "has no option \"color\"" },
	{ T("provider certificate represent=key represent=key\n"), 1, 36,
	  "option \"represent\" a second time" },
	{ T("provider certificate party=\n"), 1, 28, "option \"party\" is 1 to 63" },
	{ T("provider certificate party=a/b\n"), 1, 28, "option \"party\" is 1 to 63" },
	{ T("provider certificate party=" X50 X10 "0123\n"), 1, 28, "option \"party\" is 1 to 63" },
	{ T("provider fake\nprovider p3\nprovider p4\nprovider p5\nprovider p6\nprovider p7\n"
	  "provider p8\n" CERT), 8, 10, "more than 8 providers" },
	/* bank */
	{ T("bank\n"), 1, 5, "bank's name is missing" },
	{ T("bank #sha256\n"), 1, 13, "bank's name is missing" },
	{ T("bank md5\n"), 1, 6, "\"md5\": banks are" },
	{ T("bank SHA256\n"), 1, 6, "\"SHA256\": banks are" },
	{ T("bank sha256,sha1\n"), 1, 6, "banks are" },
	{ T("bank sha2561\n"), 1, 6, "banks are" },
	{ T("bank sha256 sha1 sha256\n"), 1, 18, "\"sha256\" a second time" },
	{ T("bank sha256\nbank sha1\n"), 2, 1, "second \"bank\"" },
	{ T("read pcr=0 provider=hash\nbank sha1\n"), 2, 1, "above all rules" },
	/* rules: words */
	{ T("read\n"), 1, 5, "lacks pcr=LIST" },
	{ T("read provider=hash\n"), 1, 19, "lacks pcr=LIST" },
	{ T("read pcr=0\n"), 1, 11, "lacks provider=NAME or hide" },
	{ T("read pcr=0 bank=sha256 \t\n"), 1, 25, "lacks provider=NAME or hide" },
	{ T("read pcr=0 provider=hash hide\n"), 1, 26, "not both" },
	{ T("read hide pcr=0 provider=hash\n"), 1, 17, "not both" },
	{ T("read pcr=0 provider=hash provider=hash\n"), 1, 26, "\"provider\" a second time" },
	{ T("read pcr=0 pcr=1 hide\n"), 1, 12, "\"pcr\" a second time" },
	{ T("read pcr=0 hide hide\n"), 1, 17, "\"hide\" a second time" },
	{ T("read pcr=0 bank=sha256 bank=sha256 hide\n"), 1, 24, "\"bank\" a second time" },
	{ T("read pcr=0 hide=yes\n"), 1, 12, "\"hide\" has no value" },
	{ T("read pcr provider=hash\n"), 1, 6, "\"pcr\" lacks \"=\"" },
	{ T("read pcr=0 provider\n"), 1, 12, "\"provider\" lacks \"=\"" },
	{ T("read pcr=0 provder=hash\n"), 1, 12, "\"provder\": a rule has" },
	{ T("read pcr=0 deny\n"), 1, 12, "\"deny\": a rule has" },
	{ T("read seal pcr=0 hide\n"), 1, 6, "\"seal\": a rule has" },
	/* rules: values */
	{ T("read pcr=0 provider=certificate\n"), 1, 21, "no line \"provider certificate\"" },
	{ T("read pcr=0 provider=certificate\n" CERT), 1, 21, "stands above" },
	{ T("read pcr=0 provider=\n"), 1, 21, "no line \"provider \"" },
	{ T("bank sha256\nread pcr=0 bank=sha1 hide\n"), 2, 17, "bank \"sha1\" is none of" },
	{ T("read pcr=0 bank=md5 hide\n"), 1, 17, "\"md5\": banks are" },
	{ T("read pcr=0 bank= hide\n"), 1, 17, "\"\": banks are" },
	{ T("seal pcr=0 hide\n"), 1, 12, "no hiding from seal" },
	{ T("all pcr=0 hide\n"), 1, 11, "no hiding from seal" },
	{ T("seal hide pcr=0\n"), 1, 6, "no hiding from seal" },
	/* rules: PCRs */
	{ T("read pcr= hide\n"), 1, 10, "expected the number" },
	{ T("read pcr=24 hide\n"), 1, 10, "PCRs are 0 to 23" },
	{ T("read pcr=0,24 hide\n"), 1, 12, "PCRs are 0 to 23" },
	{ T("read pcr=0-24 hide\n"), 1, 12, "PCRs are 0 to 23" },
	{ T("read pcr=99999999999999999999 hide\n"), 1, 10, "PCRs are 0 to 23" },
	{ T("read pcr=4294967296 hide\n"), 1, 10, "PCRs are 0 to 23" },
	{ T("read pcr=-1 hide\n"), 1, 10, "expected the number" },
	{ T("read pcr=7-0 hide\n"), 1, 10, "range 7-0 runs backwards" },
	{ T("read pcr=0,9-8 hide\n"), 1, 12, "range 9-8 runs backwards" },
	{ T("read pcr=0- hide\n"), 1, 12, "expected the number" },
	{ T("read pcr=0, hide\n"), 1, 12, "expected the number" },
	{ T("read pcr=,0 hide\n"), 1, 10, "expected the number" },
	{ T("read pcr=0,,1 hide\n"), 1, 12, "expected the number" },
	{ T("read pcr=0-1-2 hide\n"), 1, 13, "expected \",\"" },
	{ T("read pcr=0x1 hide\n"), 1, 11, "expected \",\"" },
	{ T("read pcr=0;1 hide\n"), 1, 11, "expected \",\"" },
	{ T("read pcr=0,0 hide\n"), 1, 12, "twice" },
	{ T("read pcr=0-7,3 hide\n"), 1, 14, "twice" },
	{ T("read pcr=3,0-7 hide\n"), 1, 12, "twice" },
	{ T("read pcr=all,1 hide\n"), 1, 10, "expected the number" },
	{ T("read pcr=ALL hide\n"), 1, 10, "expected the number" },
	{ T("read pcr=0=1 hide\n"), 1, 11, "expected \",\"" },
	/* rules that nothing is left for */
	{ T("read pcr=0 hide\nread pcr=0 hide\n"), 2, 1, "leave nothing" },
	{ T("read pcr=0 hide\n read pcr=0 provider=hash\n"), 2, 2, "leave nothing" },
	{ T("read pcr=0-7 hide\nread pcr=8-23 hide\nread pcr=4-12 hide\n"), 3, 1,
	  "leave nothing" },
	{ T("all pcr=all provider=hash\nquote pcr=3 hide\n"), 2, 1, "leave nothing" },
	{ T("bank sha1 sha256\nread pcr=0 hide\nread pcr=0 bank=sha1 hide\n"), 3, 1,
	  "leave nothing" },
};

static void check_bad(const struct bad *b)
{
	struct vtpm_policy *policy = NULL;
	struct vtpm_text_error err = { 77, 77, "" };
	struct vt_mem mem = { ATOMIC_LONG_INIT(0) };
	bool ok;

	ok = vtpm_policy_parse(b->text, b->len, &mem, &policy, &err) == -EINVAL && !policy &&
	     err.line == b->line && err.column == b->column && strstr(err.reason, b->reason);
	if (!ok)
		test_fail(__FILE__, __LINE__, "text %zu: %u:%u: %s, not %u:%u: ...%s...", b - bads,
			  err.line, err.column, err.reason, b->line, b->column, b->reason);
	check(vtpm_policy_parse(b->text, b->len, &mem, &policy, NULL) == -EINVAL, "wrong text");
	check(atomic_long_read(&mem.bytes) == 0, "wrong text");
}

/* ---- texts that are right ---- */

/**
 * struct good - a text and what one cell of its table is
 * @text: the policy
 * @op: the operation
 * @alg: the bank's name
 * @pcr: the PCR
 * @want: the provider's name; NULL: hidden
 */
struct good {
	const char *text;
	enum vtpm_op op;
	const char *alg;
	unsigned int pcr;
	const char *want;
};

#define ORDER	CERT "seal pcr=0-7 provider=certificate\nall pcr=4-9 provider=fake\n" \
		"read pcr=all hide\n"

static const struct good goods[] = {
	{ "", VTPM_OP_READ, "sha256", 0, "hash" },
	{ "\n", VTPM_OP_SEAL, "sha256", 23, "hash" },
	{ "# nothing", VTPM_OP_QUOTE, "sha256", 5, "hash" },
	{ "#\n\t # x\n \t\n", VTPM_OP_CERTIFY, "sha256", 5, "hash" },
	{ "#" X250 "1234\n", VTPM_OP_READ, "sha256", 0, "hash" },
	{ "provider hash", VTPM_OP_READ, "sha256", 0, "hash" },
	{ "bank sha1 # only\n", VTPM_OP_READ, "sha1", 0, "hash" },
	{ CERT, VTPM_OP_SEAL, "sha256", 10, "hash" },
	{ CERT "seal pcr=10 provider=certificate", VTPM_OP_SEAL, "sha256", 10, "certificate" },
	{ CERT "seal pcr=10 provider=certificate", VTPM_OP_READ, "sha256", 10, "hash" },
	{ CERT "seal pcr=10 provider=certificate", VTPM_OP_SEAL, "sha256", 9, "hash" },
	{ CERT "\tseal\tprovider=certificate  pcr=8-10,12 #x\n", VTPM_OP_SEAL, "sha256", 9,
	  "certificate" },
	{ CERT "seal pcr=8-10,12 provider=certificate", VTPM_OP_SEAL, "sha256", 11, "hash" },
	{ CERT "seal pcr=8-10,12 provider=certificate", VTPM_OP_SEAL, "sha256", 12,
	  "certificate" },
	{ CERT "seal pcr=5-5 provider=certificate", VTPM_OP_SEAL, "sha256", 5, "certificate" },
	{ CERT "all pcr=all provider=certificate", VTPM_OP_CERTIFY, "sha256", 23, "certificate" },
	{ "read pcr=007 hide", VTPM_OP_READ, "sha256", 7, NULL },
	{ "quote pcr=all hide", VTPM_OP_QUOTE, "sha256", 0, NULL },
	{ "quote pcr=all hide", VTPM_OP_READ, "sha256", 0, "hash" },
	{ "bank sha1 sha256\nread pcr=0 bank=sha1 hide", VTPM_OP_READ, "sha1", 0, NULL },
	{ "bank sha1 sha256\nread pcr=0 bank=sha1 hide", VTPM_OP_READ, "sha256", 0, "hash" },
	{ "bank sha1 sha512\nread pcr=0 hide", VTPM_OP_READ, "sha512", 0, NULL },
	{ "provider fake\n" ORDER, VTPM_OP_SEAL, "sha256", 5, "certificate" },
	{ "provider fake\n" ORDER, VTPM_OP_SEAL, "sha256", 8, "fake" },
	{ "provider fake\n" ORDER, VTPM_OP_READ, "sha256", 5, "fake" },
	{ "provider fake\n" ORDER, VTPM_OP_READ, "sha256", 3, NULL },
	{ "provider fake\n" ORDER, VTPM_OP_QUOTE, "sha256", 3, "hash" },
	{ "name it.x_y-1\nprovider fake where=here mode=hard\ncertify pcr=1 provider=fake\n",
	  VTPM_OP_CERTIFY, "sha256", 1, "fake" },
};

static void check_good(const struct good *g)
{
	const struct vt_hash_alg *alg = vt_hash_by_name(g->alg, strlen(g->alg));
	struct vt_mem mem = { ATOMIC_LONG_INIT(0) };
	struct vtpm_policy *p = NULL;
	struct vtpm_text_error err = { 0 };
	size_t len;
	u8 cell;

	if (vtpm_policy_parse(g->text, strlen(g->text), &mem, &p, &err)) {
		test_fail(__FILE__, __LINE__, "text %zu: %u:%u: %s", g - goods, err.line,
			  err.column, err.reason);
		return;
	}
	cell = p->cell[g->op][alg - vt_hash_algs][g->pcr];
	check(p->banks & BIT(alg - vt_hash_algs), "right text");
	if (g->want)
		check(cell < p->providers && !strcmp(p->provider[cell]->ops->name, g->want),
		      "right text");
	else
		check(cell == VTPM_CELL_HIDDEN, "right text");
	check(!strcmp(vtpm_policy_text(p, &len), g->text) && len == strlen(g->text), "right text");
	check(!strcmp(p->provider[0]->ops->name, "hash"), "right text");
	vtpm_policy_free(&mem, p);
	check(atomic_long_read(&mem.bytes) == 0, "right text");
}

/* ---- the rest ---- */

static struct vtpm_policy *parse(const char *text)
{
	struct vtpm_policy *p = NULL;

	check(!vtpm_policy_parse(text, strlen(text), NULL, &p, NULL), text);
	return p;
}

static void test_default(void)
{
	struct vtpm_policy *p = NULL;
	size_t len = 1;

	check(!vtpm_policy_parse(NULL, 0, NULL, &p, NULL), "no text");
	check(p->banks == BIT(1) && p->providers == 1, "default");
	check(!*vtpm_policy_text(p, &len) && !len, "text of default");
	check(!*vtpm_policy_name(p), "name of default");
	vtpm_policy_free(NULL, p);
	vtpm_policy_free(NULL, NULL);
}

static void test_options(void)
{
	struct vtpm_policy *p = parse("name n.1\nprovider fake where=here\n"
				      "provider certificate party=it represent=property\n");

	check(!strcmp(vtpm_policy_name(p), "n.1"), "name");
	check(!strcmp(p->provider[1]->option[0].value, "soft"), "default option");
	check(!strcmp(p->provider[1]->option[1].value, "here"), "free option");
	check(!strcmp(p->provider[2]->option[0].value, "property"), "represent");
	check(!strcmp(p->provider[2]->option[1].value, "it"), "party");
	check(p->provider[2]->line == 3 && p->provider[2]->column == 10, "position");
	check(!p->provider[0]->line, "hash has no line");
	vtpm_policy_free(NULL, p);
	p = parse("provider certificate");
	check(!strcmp(p->provider[1]->option[0].value, "key"), "represent by default");
	check(!strcmp(p->provider[1]->option[1].value, ""), "party by default");
	vtpm_policy_free(NULL, p);
}

/* @n rules, each with a cell of its own; returns what parsing says. */
static int parse_rules(unsigned int n, struct vtpm_text_error *err)
{
	static const char *const ops[] = { "read", "seal", "quote", "certify" };
	static const char *const algs[] = { "sha1", "sha256", "sha384", "sha512" };
	char *text = malloc(VTPM_MAX_POLICY);
	struct vtpm_policy *p = NULL;
	size_t at = snprintf(text, VTPM_MAX_POLICY, "bank sha1 sha256 sha384 sha512\n");
	unsigned int i;
	int rc;

	for (i = 0; i < n; i++)
		at += snprintf(text + at, VTPM_MAX_POLICY - at, "%s pcr=%u bank=%s provider=hash\n",
			       ops[i % 4], i / 16, algs[i / 4 % 4]);
	rc = vtpm_policy_parse(text, at, NULL, &p, err);
	vtpm_policy_free(NULL, p);
	free(text);
	return rc;
}

static void test_limits(void)
{
	struct vtpm_text_error err = { 0 };
	struct vtpm_policy *p = NULL;
	char *text = malloc(VTPM_MAX_POLICY + 1);

	check(!parse_rules(VTPM_MAX_POLICY_RULES, &err), "most rules");
	check(parse_rules(VTPM_MAX_POLICY_RULES + 1, &err) == -EINVAL, "one rule more");
	check(err.line == VTPM_MAX_POLICY_RULES + 2 && err.column == 1, "its line");
	check(strstr(err.reason, "more than 256 rules"), "its reason");
	memset(text, '\n', VTPM_MAX_POLICY + 1);
	check(!vtpm_policy_parse(text, VTPM_MAX_POLICY, NULL, &p, &err), "longest text");
	vtpm_policy_free(NULL, p);
	check(vtpm_policy_parse(text, VTPM_MAX_POLICY + 1, NULL, &p, &err) == -EINVAL, "longer");
	check(!err.line && strstr(err.reason, "16384 bytes"), "its reason");
	free(text);
}

/* Each allocation fails in turn; nothing is kept, and the text is not to blame. */
static void test_memory(void)
{
	static const char text[] = "provider certificate\nprovider fake where=x\n"
				   "all pcr=all provider=fake\n";
	struct vt_mem mem = { ATOMIC_LONG_INIT(0) };
	struct vtpm_policy *p = NULL;
	unsigned int n;
	int rc = -ENOMEM;

	for (n = 0; rc && n < 20; n++) {
		vt_host_fail_alloc = n;
		rc = vtpm_policy_parse(text, sizeof(text) - 1, &mem, &p, NULL);
		vt_host_fail_alloc = -1;
		if (rc)
			check(rc == -ENOMEM && !p && !atomic_long_read(&mem.bytes), "no memory");
	}
	check(n == 5, "four allocations");
	vtpm_policy_free(&mem, p);
}

/* Every beginning of a text is either right or wrong within itself. */
static void test_beginnings(void)
{
	static const char text[] = "name a\nprovider certificate represent=property party=x\n"
		"bank sha256 sha1\nseal pcr=0-7,10 bank=sha1 provider=certificate\n"
		"read pcr=all hide # end\n";
	struct vtpm_text_error err;
	struct vtpm_policy *p;
	size_t len;
	char *copy;
	int rc;

	for (len = 0; len < sizeof(text); len++) {
		copy = malloc(len + !len);	/* exact, for the address sanitizer */
		memcpy(copy, text, len);
		p = NULL;
		rc = vtpm_policy_parse(copy, len, NULL, &p, &err);
		check(rc == 0 || (rc == -EINVAL && err.line >= 1 && err.line <= 5 &&
				  err.column >= 1 && err.column <= len + 1), text + len);
		vtpm_policy_free(NULL, p);
		free(copy);
	}
}

/* Any byte in any place: no crash, and a right text still means something. */
static void test_mutations(void)
{
	static const char text[] = "bank sha256 sha1\nprovider certificate represent=key\n"
		"seal pcr=0-7,10 bank=sha1 provider=certificate\nread pcr=all hide\n";
	char copy[sizeof(text)];
	struct vtpm_text_error err;
	struct vtpm_policy *p;
	unsigned int good = 0, c;
	size_t i;
	int rc;

	for (i = 0; i + 1 < sizeof(text); i++)
		for (c = 0; c < 256; c++) {
			memcpy(copy, text, sizeof(text));
			copy[i] = c;
			p = NULL;
			rc = vtpm_policy_parse(copy, sizeof(text) - 1, NULL, &p, &err);
			if (rc && rc != -EINVAL)
				check(false, "mutation");
			good += !rc;
			vtpm_policy_free(NULL, p);
		}
	check(good >= sizeof(text) - 1, "the text itself is right in every round");
}

static const struct vtpm_provider not_right[] = {
	{ .name = "x", .api_version = VTPM_PROVIDER_API },
	{ .name = "", .api_version = VTPM_PROVIDER_API, .translate = do_nothing },
	{ .name = NULL, .api_version = VTPM_PROVIDER_API, .translate = do_nothing },
	{ .name = "A", .api_version = VTPM_PROVIDER_API, .translate = do_nothing },
	{ .name = "a b", .api_version = VTPM_PROVIDER_API, .translate = do_nothing },
	{ .name = "a0123456789012345678901234567890", .api_version = VTPM_PROVIDER_API,
	  .translate = do_nothing },
	{ .name = "x", .api_version = VTPM_PROVIDER_API, .translate = do_nothing,
	  .option_count = 1 },
	{ .name = "x", .api_version = VTPM_PROVIDER_API, .translate = do_nothing,
	  .option_count = VTPM_PROVIDER_OPTIONS + 1, .options = fake_options },
};

static void test_registry(void)
{
	struct vtpm_provider p = { FAKE("late") };
	struct vtpm_policy *policy;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(not_right); i++)
		check(vtpm_provider_register(&not_right[i]) == -EINVAL, "not right");
	p.api_version++;
	check(vtpm_provider_register(&p) == -EOPNOTSUPP, "another API");
	p.api_version--;
	vt_host_fail_alloc = 0;
	check(vtpm_provider_register(&p) == -ENOMEM, "no memory");
	vt_host_fail_alloc = -1;
	check(!vtpm_provider_register(&p), "registered");
	check(vtpm_provider_register(&p) == -EEXIST, "twice");
	policy = parse("provider late\n");
	vtpm_policy_free(NULL, policy);
	vtpm_provider_unregister(&p);
	policy = NULL;
	check(vtpm_policy_parse("provider late\n", 14, NULL, &policy, NULL) == -EINVAL, "gone");
}

static void test_bad(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bads); i++)
		check_bad(&bads[i]);
}

static void test_good(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(goods); i++)
		check_good(&goods[i]);
}

/* What we hand to admins is right, and there is some. */
static void test_samples(void)
{
	char text[VTPM_MAX_POLICY];
	struct vtpm_text_error err = { 0 };
	struct vtpm_policy *p;
	size_t i, len;
	glob_t g;
	FILE *f;

	if (glob("tools/policies/*.policy", 0, NULL, &g)) {
		test_skip("no tools/policies: run this in the project's folder");
		return;
	}
	for (i = 0; i < g.gl_pathc; i++) {
		f = fopen(g.gl_pathv[i], "r");
		len = fread(text, 1, sizeof(text), f);
		fclose(f);
		p = NULL;
		if (vtpm_policy_parse(text, len, NULL, &p, &err))
			test_fail(__FILE__, __LINE__, "%s:%u:%u: %s", g.gl_pathv[i], err.line,
				  err.column, err.reason);
		else
			check(vtpm_policy_name(p)[0], g.gl_pathv[i]);
		vtpm_policy_free(NULL, p);
	}
	globfree(&g);
}

static const struct test_case cases[] = {
	{ "wrong texts, each with its place and reason", test_bad },
	{ "right texts and what they mean", test_good },
	{ "the default policy", test_default },
	{ "options of providers", test_options },
	{ "limits", test_limits },
	{ "allocations that fail", test_memory },
	{ "every beginning of a text", test_beginnings },
	{ "every byte changed to every other", test_mutations },
	{ "registry of providers", test_registry },
	{ "samples", test_samples },
};

int main(int argc, char **argv)
{
	unsigned int i;
	int rc;

	if (vt_crypto_init() || vtpm_property_init())
		return 1;
	for (i = 0; i < ARRAY_SIZE(fakes); i++)
		if (vtpm_provider_register(&fakes[i]))
			return 1;
	rc = test_run("policy", cases, ARRAY_SIZE(cases), argc, argv);
	for (i = 0; i < ARRAY_SIZE(fakes); i++)
		vtpm_provider_unregister(&fakes[i]);
	vtpm_property_exit();
	vt_crypto_exit();
	return rc;
}
