/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A reader of the measurement log that shares no code with its writer, and what is done
 * to a TPM to have one.
 */
#ifndef VTPM_LOG_SUPPORT_H
#define VTPM_LOG_SUPPORT_H

#include <openssl/evp.h>

#include "property/certs.h"
#include "signer.h"
#include "state_support.h"
#include "test.h"

#define PCRS	24
#define LOG_MAX	(2 << 20)

static struct host_tpm tpm;

static const struct {
	u16 id;
	unsigned int size;
	const char *name;
} algs[] = {
	{ 4, 20, "sha1" }, { 0xb, 32, "sha256" }, { 0xc, 48, "sha384" }, { 0xd, 64, "sha512" },
};

static inline int alg_index(u16 id)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(algs); i++)
		if (algs[i].id == id)
			return i;
	return -1;
}

static inline void hash2(unsigned int alg, const void *a, size_t a_len, const void *b, size_t b_len,
			 u8 *out)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	EVP_DigestInit_ex(ctx, EVP_get_digestbyname(algs[alg].name), NULL);
	EVP_DigestUpdate(ctx, a, a_len);
	EVP_DigestUpdate(ctx, b, b_len);
	EVP_DigestFinal_ex(ctx, out, NULL);
	EVP_MD_CTX_free(ctx);
}

/* ---- the reader ---- */

/**
 * struct replay - what a log says
 * @banks: bit by bit, of the header
 * @value: of each bank and PCR
 * @lost: entries that are not there
 * @entries: that extend
 * @resets: start values that all providers got
 * @mapped: and @replayed
 * @insteads: of these, those that @replayed took something else of
 * @last: the last extending entry's event, up to what some provider took instead
 */
struct replay {
	u32 banks;
	u8 value[ARRAY_SIZE(algs)][PCRS][64];
	u32 lost[PCRS];
	unsigned int entries, resets, mapped, insteads;
	const u8 *last;
	u32 last_len;
};

struct cursor {
	const u8 *p;
	size_t left;
	bool bad;
};

static inline const u8 *take(struct cursor *c, size_t n)
{
	const u8 *p = c->p;

	if (c->bad || c->left < n) {
		c->bad = true;
		return NULL;
	}
	c->p += n;
	c->left -= n;
	return p;
}

static inline u32 take_le(struct cursor *c, unsigned int bytes)
{
	const u8 *p = take(c, bytes);
	u32 v = 0;

	while (p && bytes--)
		v = v << 8 | p[bytes];
	return v;
}

static inline bool read_header(struct cursor *c, struct replay *r)
{
	static const u8 zeros[20];
	u32 pcr = take_le(c, 4), type = take_le(c, 4), size, count, i;
	const u8 *digest = take(c, 20), *sig;

	size = take_le(c, 4);
	sig = take(c, 16);
	if (c->bad || pcr || type != 3 || memcmp(digest, zeros, 20) ||
	    memcmp(sig, "Spec ID Event03", 16))
		return false;
	take(c, 8);
	count = take_le(c, 4);
	if (size != 16 + 8 + 4 + 4 * count + 1)
		return false;
	for (i = 0; i < count; i++) {
		int alg = alg_index(take_le(c, 2));

		if (alg < 0 || take_le(c, 2) != algs[alg].size)
			return false;
		r->banks |= BIT(alg);
	}
	return !take_le(c, 1) && !c->bad;
}

static const char *replayed = "hash";

/* It takes what certificates say, and zeros without one. */
static inline bool certifies(void)
{
	return !strcmp(replayed, "certificate") || !strcmp(replayed, "translate");
}

/* -1: there is an error, 0: of another provider */
static inline int take_values(struct cursor *event, const u8 *value[ARRAY_SIZE(algs)], bool *of_all)
{
	u32 n = take_le(event, 1), count;
	const u8 *name = take(event, n);

	for (count = take_le(event, 4); count; count--) {
		int alg = alg_index(take_le(event, 2));

		if (alg < 0)
			return -1;
		value[alg] = take(event, algs[alg].size);
	}
	*of_all = !n;
	if (event->bad || event->left)
		return -1;
	return !n || (n == strlen(replayed) && !memcmp(name, replayed, n));
}

static inline bool no_action(struct replay *r, u32 pcr, struct cursor event)
{
	const u8 *sig = take(&event, 16), *value[ARRAY_SIZE(algs)] = { 0 };
	unsigned int i;
	bool of_all;
	int ours;

	if (sig && !memcmp(sig, "vTPM LostEvents", 16)) {
		r->lost[pcr] = take_le(&event, 4);
		return !event.bad && !event.left;
	}
	if (!sig || memcmp(sig, "vTPM StartValue", 16))
		return false;
	ours = take_values(&event, value, &of_all);
	if (ours <= 0)
		return !ours;
	*(of_all ? &r->resets : &r->mapped) += 1;
	for (i = 0; i < ARRAY_SIZE(algs); i++)
		if (value[i])
			memcpy(r->value[i][pcr], value[i], algs[i].size);
	return true;
}

/* What @replayed took instead of the digests of an entry, in the tags behind its first. */
static inline bool take_insteads(struct replay *r, struct cursor event, const u8 *instead[4])
{
	while (event.left) {
		const u8 *value[ARRAY_SIZE(algs)] = { 0 };
		u32 tag = take_le(&event, 4), size = take_le(&event, 4);
		struct cursor values = { take(&event, size), size };
		bool of_all;
		int ours;

		if (event.bad || tag != 0x76740004)
			return false;
		ours = take_values(&values, value, &of_all);
		if (ours < 0 || of_all)
			return false;
		if (!ours)
			continue;
		memcpy(instead, value, sizeof(value));
		r->insteads++;
	}
	return true;
}

static inline bool read_entry(struct cursor *c, struct replay *r)
{
	u32 pcr = take_le(c, 4), type = take_le(c, 4), count = take_le(c, 4), size, i;
	static const u8 zeros[64];
	const u8 *digest[4], *instead[4] = { 0 };
	int alg[4];

	if (c->bad || pcr >= PCRS || !count || count > 4)
		return false;
	for (i = 0; i < count; i++) {
		alg[i] = alg_index(take_le(c, 2));
		if (alg[i] < 0 || !(r->banks & BIT(alg[i])))
			return false;
		digest[i] = take(c, algs[alg[i]].size);
		if (!digest[i])
			return false;
	}
	size = take_le(c, 4);
	if (type == 3)
		return no_action(r, pcr, (struct cursor){ take(c, size), size }) && !c->bad;
	r->last = take(c, size);
	if (c->bad || type != 6 || size < 9 || get_unaligned_le32(r->last + 4) > size - 8)
		return false;
	r->last_len = 8 + get_unaligned_le32(r->last + 4);
	if (!take_insteads(r, (struct cursor){ r->last + r->last_len, size - r->last_len },
			   instead))
		return false;
	r->entries++;
	for (i = 0; i < count; i++) {
		if (certifies())
			digest[i] = instead[alg[i]] ?: zeros;
		hash2(alg[i], r->value[alg[i]][pcr], algs[alg[i]].size, digest[i],
		      algs[alg[i]].size, r->value[alg[i]][pcr]);
	}
	return true;
}

static u8 log_bytes[LOG_MAX];
static size_t log_len;

/* In pieces of odd sizes, as a reader of a file may do. */
static inline void read_log(struct vtpm_matrix *m, enum vtpm_log_form form)
{
	size_t n, piece = 1;

	for (log_len = 0; log_len < LOG_MAX; log_len += n) {
		n = vtpm_matrix_measurements(m, form, log_len, log_bytes + log_len,
					     min_t(size_t, piece, LOG_MAX - log_len));
		if (!n)
			return;
		piece = piece * 3 % 4099 + 1;
	}
}

static inline bool replay(struct vtpm_matrix *m, struct replay *r)
{
	struct cursor c;
	unsigned int i, pcr;

	memset(r, 0, sizeof(*r));
	for (i = 0; i < ARRAY_SIZE(algs); i++)
		for (pcr = 17; pcr <= 22; pcr++)
			memset(r->value[i][pcr], 0xff, 64);
	read_log(m, VTPM_LOG_TCG);
	c = (struct cursor){ log_bytes, log_len };
	if (!read_header(&c, r) || r->banks != vtpm_matrix_banks(m))
		return false;
	while (c.left)
		if (!read_entry(&c, r))
			return false;
	return true;
}

static inline unsigned int provider_index(struct vtpm_matrix *m)
{
	unsigned int i = 0;

	while (strcmp(vtpm_matrix_provider_name(m, i), replayed))
		i++;
	return i;
}

/* A bit for each PCR that has another value than the log gives it. */
static inline u32 differing(struct vtpm_matrix *m, const struct replay *r)
{
	unsigned int i, pcr;
	u32 differ = 0;
	u8 v[64];

	for (i = 0; i < ARRAY_SIZE(algs); i++)
		for (pcr = 0; pcr < PCRS && r->banks & BIT(i); pcr++)
			if (vtpm_matrix_peek(m, provider_index(m), algs[i].id, pcr, v) ||
			    memcmp(v, r->value[i][pcr], algs[i].size))
				differ |= BIT(pcr);
	return differ;
}

#define EXPECT_REPLAY(r, differ)	do {				\
	EXPECT(replay(tpm.matrix, (r)));				\
	EXPECT_EQ(differing(tpm.matrix, (r)), (differ));		\
} while (0)

/* ---- what is done to the TPM ---- */

static inline u32 digest_extend(u32 pcr, u16 alg, u8 fill)
{
	u8 digest[64];
	struct cmd c;

	memset(digest, fill, sizeof(digest));
	cmd_begin_pw(&c, TPM_CC_PCR_Extend, 1, 1, pcr);
	cmd_u32(&c, 1);
	cmd_u16(&c, alg);
	cmd_bytes(&c, digest, algs[alg_index(alg)].size);
	return cmd_run(&tpm, &c);
}

/* The same bank twice, and one that is not active between. */
static inline u32 extend_twice(u32 pcr)
{
	u8 digest[64] = { 7 };
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_PCR_Extend, 1, 1, pcr);
	cmd_u32(&c, 3);
	cmd_u16(&c, 0xb);
	cmd_bytes(&c, digest, 32);
	cmd_u16(&c, 0xd);
	cmd_bytes(&c, digest, 64);
	digest[0] = 8;
	cmd_u16(&c, 0xb);
	cmd_bytes(&c, digest, 32);
	return cmd_run(&tpm, &c);
}

static inline u32 event(u32 pcr, const char *data)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_PCR_Event, 1, 1, pcr);
	cmd_2b(&c, data, strlen(data));
	return cmd_run(&tpm, &c);
}

static inline u32 reset(u32 pcr)
{
	struct cmd c;

	cmd_begin_pw(&c, TPM_CC_PCR_Reset, 1, 1, pcr);
	return cmd_run(&tpm, &c);
}

static inline int measure(u32 pcr, u16 alg, const char *text, const char *name)
{
	u8 template[VTPM_LOG_TEMPLATE], digest[64];
	size_t len;

	hash2(alg_index(alg), text, strlen(text), "", 0, digest);
	len = vtpm_log_template(alg, digest, name, template);
	return len ? tpm2_measure(tpm.t, pcr, 0, template, len) : -ENOENT;
}

#define POLICY	"bank sha1 sha256 sha384\nprovider certificate\n"

/* ---- certificates ---- */

static inline int load_text(const struct signer *s, const char *text)
{
	char name[VTPM_NAME_MAX + 1];
	u8 *p7;
	size_t len = signer_sign(s, text, strlen(text), SIGN_PLAIN, &p7);
	int rc = vtpm_cert_load(p7, len, name, NULL);

	OPENSSL_free(p7);
	return rc;
}

/* A manifest @name of @property with what digest_extend(.., 0xb, @fill) extends with. */
static inline int load_fill(const struct signer *s, const char *name, const char *property,
			    u8 fill)
{
	char text[256], *p;
	u8 digest[32];

	memset(digest, fill, sizeof(digest));
	p = text + sprintf(text, "vtpm-manifest 1\nname: %s\nproperty: %s\nsha256:", name,
			   property);
	strcpy(bin2hex(p, digest, 32), "\n");
	return load_text(s, text);
}

#endif /* VTPM_LOG_SUPPORT_H */
