// SPDX-License-Identifier: GPL-2.0-only
/* What an instance says of itself in its read-only NV index: see <linux/vtpm.h>. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verify.h"

#define IDENTITY_ATTRS	0x62072c08	/* written and locked for good, and for all to read */
#define ALG_SHA256	0x000b

/* The digest of a public area that never changes: see <linux/vtpm.h>. */
static void identity_name(unsigned char name[34])
{
	unsigned char area[14] = { [5] = ALG_SHA256 };
	size_t i;

	for (i = 0; i < 4; i++) {
		area[i] = VTPM_IDENTITY_NV_INDEX >> (24 - 8 * i) & 0xff;
		area[6 + i] = IDENTITY_ATTRS >> (24 - 8 * i) & 0xff;
	}
	area[12] = VTPM_IDENTITY_SIZE >> 8;
	area[13] = VTPM_IDENTITY_SIZE & 0xff;
	name[0] = 0;
	name[1] = ALG_SHA256;
	verify_digest(ALG_SHA256, (struct attest_bytes){ area, sizeof(area) }, name + 2);
}

bool verify_identity_read(struct verify *v)
{
	struct attest_reader r = v->identity.rest;
	unsigned char name[34];
	struct attest_bytes of;
	uint16_t offset;

	identity_name(name);
	of = attest_2b(&r);
	offset = attest_number(&r, 2);
	v->contents = attest_2b(&r);
	if (!attest_done(&r)) {
		verify_say(v, VERIFY_WRONG, "the identity is not well formed");
		return false;
	}
	if (!verify_same(of, (struct attest_bytes){ name, sizeof(name) })) {
		verify_say(v, VERIFY_WRONG,
			   "the identity is of an index that others can write, or none of vtpm's");
		return false;
	}
	if (offset || v->contents.len != VTPM_IDENTITY_SIZE) {
		verify_say(v, VERIFY_WRONG, "the identity is not the whole of the index");
		return false;
	}
	r = attest_reader(v->contents);
	if (attest_number(&r, 4) != VTPM_IDENTITY_MAGIC ||
	    attest_number(&r, 2) != VTPM_IDENTITY_VERSION) {
		verify_say(v, VERIFY_WRONG, "the identity has a form that is not known");
		return false;
	}
	return true;
}

static char *uuid_text(struct attest_bytes contents)
{
	char *hex = ctl_hex(contents.p + VTPM_IDENTITY_UUID_AT, 16), *text, *p;

	for (p = hex; *p; p++)
		*p |= *p >= 'A' && *p <= 'F' ? 0x20 : 0;
	text = ctl_format("%.8s-%.4s-%.4s-%.4s-%s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
	free(hex);
	return text;
}

uint32_t verify_policy_changes(struct attest_bytes contents)
{
	struct attest_reader r = attest_reader(contents);

	attest_take(&r, VTPM_IDENTITY_CHANGES_AT);
	return attest_number(&r, 4);
}

static void check_uuid(struct verify *v)
{
	char *uuid = uuid_text(v->contents);

	if (v->ctl->uuid && strcasecmp(v->ctl->uuid, uuid))
		verify_say(v, VERIFY_WRONG, "it is another instance: a virtual TPM, UUID %s", uuid);
	else
		verify_say(v, VERIFY_PROVED, "it is a virtual TPM of vtpm, UUID %s", uuid);
	free(uuid);
}

static int check_policy(struct verify *v)
{
	const unsigned char *digest = v->contents.p + VTPM_IDENTITY_POLICY_AT;
	uint32_t changes = verify_policy_changes(v->contents);
	unsigned char expected[VTPM_IDENTITY_DIGEST];
	char *text, *hex;
	size_t len;
	int code;

	if (!v->ctl->policy) {
		hex = ctl_hex(digest, VTPM_IDENTITY_DIGEST);
		verify_say(v, VERIFY_PROVED,
			   "the SHA-256 of its policy's text is %s (changed %u times)", hex,
			   changes);
		verify_say(v, VERIFY_NOT_PROVED, "what that policy says: no --policy was given");
		free(hex);
		return CTL_OK;
	}
	code = ctl_read_file(v->ctl->policy, VERIFY_POLICY_MAX, &text, &len);
	if (code)
		return code;
	verify_digest(ALG_SHA256, (struct attest_bytes){ (unsigned char *)text, len }, expected);
	if (memcmp(expected, digest, sizeof(expected))) {
		verify_say(v, VERIFY_WRONG, "it is under another policy than %s", v->ctl->policy);
	} else {
		verify_say(v, VERIFY_PROVED, "it is under the policy %s (changed %u times)",
			   v->ctl->policy, changes);
		verify_policy(v, text, len);
	}
	free(text);
	return CTL_OK;
}

/* ---- entries ---- */

bool verify_entry(const struct verify *v, uint16_t tag, unsigned int n, struct attest_reader *e)
{
	struct attest_reader r = attest_reader(v->contents);
	size_t end;

	attest_take(&r, VTPM_IDENTITY_LENGTH_AT);
	end = attest_number(&r, 2);
	attest_take(&r, VTPM_IDENTITY_ENTRIES_AT - VTPM_IDENTITY_LENGTH_AT - 2);
	if (end < VTPM_IDENTITY_ENTRIES_AT || end - VTPM_IDENTITY_ENTRIES_AT > r.left)
		return false;
	r.left = end - VTPM_IDENTITY_ENTRIES_AT;
	while (r.left) {
		uint16_t of = attest_number(&r, 2);

		*e = attest_reader(attest_2b(&r));
		if (r.bad)
			return false;
		if (of == tag && !n--)
			return true;
	}
	return false;
}

/* "certificate (represent=property, party=)" */
static char *provider_text(struct attest_reader *e)
{
	struct attest_bytes name = attest_2b(e), value;
	char *text = ctl_format("%.*s", (int)name.len, name.p), *longer;
	const char *before = " (";

	while (e->left && !e->bad) {
		name = attest_2b(e);
		value = attest_2b(e);
		longer = ctl_format("%s%s%.*s=%.*s", text, before, (int)name.len, name.p,
				    (int)value.len, value.p);
		free(text);
		text = longer;
		before = ", ";
	}
	longer = ctl_format("%s%s", text, *before == ',' ? ")" : "");
	free(text);
	return longer;
}

int verify_host_mapped(const struct verify *v)
{
	struct attest_reader e;

	if (!verify_entry(v, VTPM_IDENTITY_HOST, 0, &e))
		return -1;
	return attest_number(&e, 1) == VTPM_HOST_TPM_MAPPED;
}

static void say_entries(struct verify *v)
{
	struct attest_reader e;
	unsigned int n;
	char *text;

	for (n = 0; verify_entry(v, VTPM_IDENTITY_PROVIDER, n, &e); n++) {
		text = provider_text(&e);
		verify_say(v, VERIFY_PROVED, "it has the property provider %s", text);
		free(text);
	}
	if (verify_entry(v, VTPM_IDENTITY_CUT, 0, &e))
		verify_say(v, VERIFY_NOT_PROVED, "which further property providers it has");
	if (verify_host_mapped(v) > 0)
		verify_say(v, VERIFY_PROVED, "PCRs of its host's TPM have gone into it");
	else if (!verify_host_mapped(v))
		verify_say(v, VERIFY_NOT_PROVED,
			   "what its host is: nothing of a host's TPM is in it");
}

/* What is expected of it, and what it says besides */
int verify_identity(struct verify *v)
{
	int code;

	check_uuid(v);
	code = check_policy(v);
	if (!code)
		say_entries(v);
	return code;
}
