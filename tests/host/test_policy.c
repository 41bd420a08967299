// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies: what each text means, and where each bad text is said to be wrong.
 */
#include <glob.h>

#include "test.h"
#include "../../drivers/vtpm/policy/policy.h"
#include "../../drivers/vtpm/crypto/crypto.h"
#include "../../drivers/vtpm/property/property.h"
#include "policy_texts.h"

static bool check_at(bool ok, const char *what, const char *name, int line)
{
	if (!ok)
		test_fail(__FILE__, line, "%s: %s", name, what);
	return ok;
}

#define check(cond, name)	check_at(cond, #cond, name, __LINE__)

static void check_bad(const struct policy_bad *b)
{
	struct vtpm_policy *policy = NULL;
	struct vtpm_text_error err = { 77, 77, "" };
	struct vt_mem mem = { ATOMIC_LONG_INIT(0) };
	bool ok;

	ok = vtpm_policy_parse(b->text, b->len, &mem, &policy, &err) == -EINVAL && !policy &&
	     err.line == b->line && err.column == b->column && strstr(err.reason, b->reason);
	if (!ok)
		test_fail(__FILE__, __LINE__, "text %zu: %u:%u: %s, not %u:%u: ...%s...",
			  b - policy_bads, err.line, err.column, err.reason, b->line, b->column,
			  b->reason);
	check(vtpm_policy_parse(b->text, b->len, &mem, &policy, NULL) == -EINVAL, "wrong text");
	check(atomic_long_read(&mem.bytes) == 0, "wrong text");
}

/* ---- texts that are right ---- */

static void check_good(const struct policy_good *g)
{
	struct vt_mem mem = { ATOMIC_LONG_INIT(0) };
	struct vtpm_policy *p = NULL;
	struct vtpm_text_error err = { 0 };
	size_t len;

	if (vtpm_policy_parse(g->text, strlen(g->text), &mem, &p, &err)) {
		test_fail(__FILE__, __LINE__, "text %zu: %u:%u: %s", g - policy_goods, err.line,
			  err.column, err.reason);
		return;
	}
	if (!policy_good_is(g, p))
		test_fail(__FILE__, __LINE__, "text %zu: not %s", g - policy_goods, g->want);
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

static bool has_command(const struct vtpm_policy *p, u32 code)
{
	return test_bit(code - TPM_CC_FIRST, p->profile->commands);
}

static bool has_alg(const struct vtpm_policy *p, unsigned int bit)
{
	return test_bit(bit, p->profile->algs);
}

/* What is denied is not there, what is not allowed neither; what has to be there is. */
static void test_profile(void)
{
	struct vtpm_policy *p = parse("command deny NV_Read hash\ncommand deny RSA_Encrypt\n");

	check(!has_command(p, TPM_CC_NV_Read) && !has_command(p, TPM_CC_Hash), "denied");
	check(!has_command(p, TPM_CC_RSA_Encrypt), "in a second line");
	check(has_command(p, TPM_CC_NV_Write) && has_command(p, TPM_CC_Startup), "others");
	check(has_alg(p, TPM2_PROFILE_ALG(TPM_ALG_RSA)), "algorithms");
	vtpm_policy_free(NULL, p);
	p = parse("command allow PCR_Read Startup\ncommand allow PCR_Extend\n");
	check(has_command(p, TPM_CC_PCR_Read) && has_command(p, TPM_CC_PCR_Extend), "allowed");
	check(has_command(p, TPM_CC_Startup) && has_command(p, TPM_CC_GetCapability), "needed");
	check(!has_command(p, TPM_CC_PCR_Event) && !has_command(p, TPM_CC_NV_Read), "not allowed");
	vtpm_policy_free(NULL, p);
	p = parse("algorithm deny sha1 rsa1024 ecc_nist_p521\n");
	check(!has_alg(p, TPM2_PROFILE_ALG(TPM_ALG_SHA1)), "no SHA-1");
	check(!has_alg(p, TPM2_PROFILE_RSA(1024)) && has_alg(p, TPM2_PROFILE_RSA(2048)), "sizes");
	check(!has_alg(p, TPM2_PROFILE_CURVE(TPM_ECC_NIST_P521)), "no P-521");
	check(has_alg(p, TPM2_PROFILE_ALG(TPM_ALG_SHA256)), "others");
	vtpm_policy_free(NULL, p);
	p = parse("algorithm allow sha256 ecc ecdsa ecc_nist_p256\n");
	check(has_alg(p, TPM2_PROFILE_ALG(TPM_ALG_ECDSA)), "allowed");
	check(!has_alg(p, TPM2_PROFILE_ALG(TPM_ALG_RSA)) &&
	      !has_alg(p, TPM2_PROFILE_CURVE(TPM_ECC_NIST_P384)), "not allowed");
	check(has_alg(p, TPM2_PROFILE_ALG(TPM_ALG_NULL)), "what has no name");
	vtpm_policy_free(NULL, p);
}

static void test_amounts(void)
{
	struct vtpm_policy *p = parse("key software type=rsa\nmigration forbidden\n"
				      "disclose nothing\nlimit log=4096\n");

	check(!p->profile && p->log_bytes == 4096, "no profile without need");
	vtpm_policy_free(NULL, p);
	p = parse("limit nv=2048 objects=3 sessions=1024 ak-uses=7\n");
	check(p->profile->nv_bytes == 2048 && p->profile->objects == 3, "NV, objects");
	check(p->profile->sessions == 1024 && p->profile->ak_uses == 7, "sessions, keys");
	check(p->log_bytes == VTPM_LOG_BYTES, "log by default");
	check(has_command(p, TPM_CC_NV_Read), "commands");
	vtpm_policy_free(NULL, p);
	p = parse("limit objects=64 nv=0\n");
	check(!p->profile->nv_bytes && p->profile->objects == 64, "least and most");
	check(p->profile->sessions == TPM2_MAX_ALL_SESSIONS && !p->profile->ak_uses, "others");
	vtpm_policy_free(NULL, p);
}

static void test_version(void)
{
	struct vtpm_policy *p = parse("update admin\n\tversion\t999999999999999999 # the last\n");

	check(p->update.version == 999999999999999999, "the highest one");
	check(p->update.version_line == 2 && p->update.version_column == 10, "its place");
	vtpm_policy_free(NULL, p);
	p = parse("update signed=it\n");
	check(!p->update.version && !p->update.version_line, "none");
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
				   "command deny Hash\nread pcr=1 locality=1 hide\n"
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
	check(n == 7, "six allocations");
	vtpm_policy_free(&mem, p);
}

#define KEY	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* Every beginning of a text is either right or wrong within itself. */
static void test_beginnings(void)
{
	static const char text[] = "name a\nprovider certificate represent=property party=x\n"
		"bank sha256 sha1\nseal pcr=0-7,10 bank=sha1 provider=certificate\n"
		"command deny Hash\nlimit nv=20 log=0\nversion 12\nupdate signed=it key=" KEY "\n"
		"event pcr=1 locality=1,3 deny\nread pcr=all hide # end\n";
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
		check(rc == 0 || (rc == -EINVAL && err.line >= 1 && err.line <= 10 &&
				  err.column >= 1 && err.column <= len + 1), text + len);
		vtpm_policy_free(NULL, p);
		free(copy);
	}
}

/* Any byte in any place: no crash, and a right text still means something. */
static void test_mutations(void)
{
	static const char text[] = "bank sha256 sha1\nprovider certificate represent=key\n"
		"algorithm deny sha1\nlimit objects=9\nupdate signed=x\nmigration forbidden\n"
		"seal pcr=0-7,10 bank=sha1 provider=certificate\nread pcr=all locality=2 hide\n";
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

/* Numbers and lists as a provider gets them, and what it gets where there are none. */
static void test_kinds(void)
{
	struct vtpm_policy *p = parse("provider kinds into=23 pcrs=0-7,10 count=2048\n"
				      "host-tpm required\n");
	const struct vtpm_option *o = p->provider[1]->option;

	check(o[0].number == 2048 && !strcmp(o[0].value, "2048"), "count");
	check(o[1].number == 0x4ff && !strcmp(o[1].value, "0-7,10"), "pcrs");
	check(o[2].number == 23 && !strcmp(o[2].name, "into"), "into");
	check(p->host_required && p->host_line == 2 && p->host_column == 1, "host-tpm");
	vtpm_policy_free(NULL, p);
	p = parse("host-tpm optional\nprovider kinds pcrs=all into=0\n");
	o = p->provider[1]->option;
	check(o[0].number == 256 && !*o[0].value && o[1].number == 0xffffff && !o[2].number,
	      "defaults");
	check(!p->host_required && p->host_line == 1, "host-tpm optional");
	vtpm_policy_free(NULL, p);
}

static size_t save_nothing(void *priv __always_unused, u8 *buf __always_unused,
			   size_t room __always_unused)
{
	return 0;
}

static int check_nothing(void *priv __always_unused, u16 alg __always_unused,
			 unsigned int pcr __always_unused, const u8 *vpcr __always_unused)
{
	return 0;
}

static const struct vtpm_option_desc backwards[] = {
	{ .name = "n", .kind = VTPM_OPTION_NUMBER, .min = 2, .max = 1 },
};

static const struct vtpm_option_desc no_kind[] = {
	{ .name = "n", .kind = VTPM_OPTION_PCRS + 1 },
};

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
	{ .name = "x", .api_version = VTPM_PROVIDER_API, .translate = do_nothing,
	  .option_count = 1, .options = backwards },
	{ .name = "x", .api_version = VTPM_PROVIDER_API, .translate = do_nothing,
	  .option_count = 1, .options = no_kind },
	{ .name = "x", .api_version = VTPM_PROVIDER_API, .translate = do_nothing,
	  .save = save_nothing },
	{ .name = "x", .api_version = VTPM_PROVIDER_API, .translate = do_nothing,
	  .check = check_nothing },
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

	for (i = 0; i < ARRAY_SIZE(policy_bads); i++)
		check_bad(&policy_bads[i]);
}

static void test_good(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(policy_goods); i++)
		check_good(&policy_goods[i]);
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
	{ "numbers and lists", test_kinds },
	{ "commands and algorithms", test_profile },
	{ "amounts", test_amounts },
	{ "versions", test_version },
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
	for (i = 0; i < ARRAY_SIZE(policy_fakes); i++)
		if (vtpm_provider_register(&policy_fakes[i]))
			return 1;
	rc = test_run("policy", cases, ARRAY_SIZE(cases), argc, argv);
	for (i = 0; i < ARRAY_SIZE(policy_fakes); i++)
		vtpm_provider_unregister(&policy_fakes[i]);
	vtpm_property_exit();
	vt_crypto_exit();
	return rc;
}
