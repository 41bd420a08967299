// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may replace a policy: each update rule against a text as it is, and texts that
 * one or another party has signed.
 */
#include "test.h"
#include "signer.h"
#include "../../drivers/vtpm/crypto/crypto.h"
#include "../../drivers/vtpm/policy/policy.h"
#include "../../drivers/vtpm/property/certs.h"
#include "../../drivers/vtpm/property/p7.h"
#include "../../drivers/vtpm/property/property.h"

static struct signer it, other, nobody;

/**
 * struct trial - a rule and what it says
 * @rule: the policy's text; "KEY" stands for the digest of it's public key
 * @plain: result for a text without a signature
 * @it: for one that "it" has signed
 * @other: for one that another trusted party has signed
 * @nobody: for one of somebody who is not trusted
 */
struct trial {
	const char *rule;
	int plain, it, other, nobody;
};

static const struct trial trials[] = {
	{ "", 0, 0, 0, -ENOKEY },
	{ "update admin", 0, 0, 0, -ENOKEY },
	{ "update never", -EACCES, -EACCES, -EACCES, -EACCES },
	{ "update signed=it", -EACCES, 0, -ENOKEY, -ENOKEY },
	{ "update signed=other", -EACCES, -ENOKEY, 0, -ENOKEY },
	{ "update signed=absent", -EACCES, -ENOKEY, -ENOKEY, -ENOKEY },
	{ "update signed=it key=KEY", -EACCES, 0, -ENOKEY, -ENOKEY },
	{ "update signed=other key=KEY", -EACCES, -ENOKEY, -ENOKEY, -ENOKEY },
};

static char key_of_it[2 * VTPM_POLICY_KEY + 1];

static void find_key(void)
{
	struct vtpm_trust_entry list[2];

	EXPECT_EQ(vtpm_trust_list(list, 2), 2);
	EXPECT(!strcmp(list[0].name, "it"));
	*bin2hex(key_of_it, list[0].key_digest, VTPM_POLICY_KEY) = '\0';
}

static struct vtpm_policy *parse(const char *rule)
{
	struct vtpm_policy *p = NULL;
	const char *key = strstr(rule, "KEY");
	char text[256];

	snprintf(text, sizeof(text), "%.*s%s", key ? (int)(key - rule) : (int)strlen(rule), rule,
		 key ? key_of_it : "");
	if (vtpm_policy_parse(text, strlen(text), NULL, &p, NULL))
		return NULL;
	return p;
}

/* @bad: a byte of the text is not what was signed. */
static int signed_by(const struct vtpm_update *rule, const struct signer *s, bool bad, char *by)
{
	static const char text[] = "name next\n";
	struct vtpm_text_error err = { 0 };
	struct vtpm_p7 p7;
	size_t len;
	u8 *message;
	int rc;

	len = signer_sign(s, text, strlen(text), SIGN_PLAIN, &message);
	rc = vtpm_p7_split(message, len, &p7, &err);
	if (!rc) {
		if (bad)
			((u8 *)p7.content)[5] ^= 1;	/* in our message */
		rc = vtpm_update_check(rule, &p7, by, &err);
		vtpm_p7_free(&p7);
	}
	OPENSSL_free(message);
	return rc;
}

static void one_trial(const struct trial *t)
{
	struct vtpm_policy *p = parse(t->rule);
	struct vtpm_text_error err = { 0 };
	char by[VTPM_NAME_MAX + 1];

	EXPECT(p);
	EXPECT_EQ(vtpm_update_check(&p->update, NULL, by, &err), t->plain);
	EXPECT(!by[0]);
	EXPECT_EQ(!!err.reason[0], !!t->plain);
	EXPECT_EQ(signed_by(&p->update, &it, false, by), t->it);
	EXPECT(!strcmp(by, t->it ? "" : "it"));
	EXPECT_EQ(signed_by(&p->update, &other, false, by), t->other);
	EXPECT(!strcmp(by, t->other ? "" : "other"));
	EXPECT_EQ(signed_by(&p->update, &nobody, false, by), t->nobody);
	EXPECT(signed_by(&p->update, &it, true, by));
	EXPECT(!by[0]);
	vtpm_policy_free(NULL, p);
}

static void rules(void)
{
	unsigned int i;

	find_key();
	for (i = 0; i < ARRAY_SIZE(trials); i++) {
		one_trial(&trials[i]);
		OK_SO_FAR();
	}
}

/* The name alone can be given to another key; a rule with the key's digest does not mind it. */
static void another_key_of_that_name(void)
{
	struct vtpm_policy *name = parse("update signed=it"), *key;
	char by[VTPM_NAME_MAX + 1];

	find_key();
	key = parse("update signed=it key=KEY");
	EXPECT_EQ(vtpm_trust_remove("it"), 0);
	EXPECT_EQ(signed_by(&name->update, &it, false, by), -ENOKEY);
	EXPECT_EQ(vtpm_trust_add("it", nobody.der, nobody.der_len), 0);
	EXPECT_EQ(signed_by(&name->update, &nobody, false, by), 0);
	EXPECT_EQ(signed_by(&key->update, &nobody, false, by), -ENOKEY);
	EXPECT_EQ(vtpm_trust_remove("it"), 0);
	EXPECT_EQ(vtpm_trust_add("it", it.der, it.der_len), 0);
	EXPECT_EQ(signed_by(&key->update, &it, false, by), 0);
	vtpm_policy_free(NULL, name);
	vtpm_policy_free(NULL, key);
}

/**
 * struct succession - a policy in force and one that is to follow it
 * @rule: the one in force
 * @next: the new one
 * @rc: what is said to it
 * @line: where the new one says its version
 * @reason: a part of the reason
 */
struct succession {
	const char *rule, *next;
	int rc;
	u32 line;
	const char *reason;
};

static const struct succession successions[] = {
	{ "version 7", "version 6", 0 },
	{ "version 7\nupdate admin", "update admin", 0 },
	{ "update signed=it", "version 1", 0 },
	{ "version 7\nupdate signed=it", "name x\nversion 8", 0 },
	{ "version 7\nupdate signed=it", "version 8\nupdate signed=other", 0 },
	{ "update signed=it\nversion 99999999999999999", "version 999999999999999999", 0 },
	{ "version 7\nupdate signed=it", "name x\nversion 7", -EACCES, 2,
	  "version 7, and version 7 is" },
	{ "version 7\nupdate signed=it", "version 6", -EACCES, 1, "version 6, and version 7 is" },
	{ "version 7\nupdate signed=it key=KEY", "version 6", -EACCES, 1, "version 7 is in force" },
	{ "version 10\nupdate signed=it", "version 9", -EACCES, 1, "version 9, and version 10 is" },
	{ "version 4294967296\nupdate signed=it", "version 1", -EACCES, 1, "version 4294967296" },
	{ "version 7\nupdate signed=it", "name x", -EACCES, 0, "version 0, and version 7 is" },
	{ "update signed=it", "name x\nupdate admin", -EACCES, 0, "version 0, and version 0 is" },
};

static void one_succession(const struct succession *s)
{
	struct vtpm_policy *rule = parse(s->rule), *next = parse(s->next);
	struct vtpm_text_error err = { 0 };

	EXPECT(rule && next);
	EXPECT_EQ(vtpm_update_order(&rule->update, next, &err), s->rc);
	EXPECT_EQ(vtpm_update_order(&rule->update, next, NULL), s->rc);
	EXPECT_EQ(err.line, s->line);
	EXPECT(s->reason ? !!strstr(err.reason, s->reason) : !err.reason[0]);
	vtpm_policy_free(NULL, rule);
	vtpm_policy_free(NULL, next);
}

/* What a party has signed once, it has signed for good: an older one does not come again. */
static void no_older_one(void)
{
	unsigned int i;

	find_key();
	for (i = 0; i < ARRAY_SIZE(successions); i++) {
		one_succession(&successions[i]);
		OK_SO_FAR();
	}
}

static const struct test_case cases[] = {
	{ "rules", rules },
	{ "no-older-one", no_older_one },
	{ "another-key-of-that-name", another_key_of_that_name },
};

int main(int argc, char **argv)
{
	int rc;

	if (vt_crypto_init() || vtpm_property_init())
		return 1;
	signer_new(&it, "IT department", false, NULL);
	signer_new(&other, "Somebody else", false, NULL);
	signer_new(&nobody, "Nobody", false, NULL);
	if (vtpm_trust_add("it", it.der, it.der_len) ||
	    vtpm_trust_add("other", other.der, other.der_len))
		return 1;
	rc = test_run("update", cases, ARRAY_SIZE(cases), argc, argv);
	vtpm_trust_remove("it");
	vtpm_trust_remove("other");
	signer_free(&it);
	signer_free(&other);
	signer_free(&nobody);
	vtpm_property_exit();
	vt_crypto_exit();
	return rc;
}
