// SPDX-License-Identifier: GPL-2.0-only
/*
 * TPM2_CertifyX509. Certificates are put together from what the command takes and
 * gives, and OpenSSL reads and verifies them.
 */
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "keys.h"
#include "tpm2/x509.h"

#define P(rc, n)	((u32)(__force u32)(rc) | 0x40 | (n) << 8)
#define H(rc, n)	((u32)(__force u32)(rc) | (n) << 8)

#define SIGNATURE	0x80	/* first byte of a KeyUsage's BIT STRING */
#define NONREPUDIATION	0x40
#define KEY_ENCIPHERMENT 0x20
#define KEY_AGREEMENT	0x08
#define CERT_SIGN	0x04

static struct host_tpm tpm;

/* ---- DER ---- */

struct der {
	u8 b[2048];
	u32 len;
};

static void put(struct der *d, const void *data, u32 len)
{
	if (len)
		memcpy(d->b + d->len, data, len);
	d->len += len;
}

/* Puts tag and length before what is there from @from on. */
static void wrap(struct der *d, u32 from, u8 tag)
{
	u32 len = d->len - from, head = len < 0x80 ? 2 : len < 0x100 ? 3 : 4;

	memmove(d->b + from + head, d->b + from, len);
	d->b[from] = tag;
	if (head == 2) {
		d->b[from + 1] = len;
	} else {
		d->b[from + 1] = 0x7e + head;
		d->b[from + 2] = head == 3 ? len : len >> 8;
		d->b[from + head - 1] = len;
	}
	d->len += head;
}

static void put_tlv(struct der *d, u8 tag, const void *data, u32 len)
{
	u32 from = d->len;

	put(d, data, len);
	wrap(d, from, tag);
}

static void put_name(struct der *d, const char *cn)
{
	X509_NAME *name = X509_NAME_new();
	u8 *der = NULL;
	int len;

	X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC, (const u8 *)"vtpm", -1, -1, 0);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const u8 *)cn, -1, -1, 0);
	len = i2d_X509_NAME(name, &der);
	put(d, der, len);
	OPENSSL_free(der);
	X509_NAME_free(name);
}

static void put_extension(struct der *d, const char *oid, u32 oid_len, bool critical,
			  const void *value, u32 len)
{
	u32 from = d->len;

	put_tlv(d, 0x06, oid, oid_len);
	if (critical)
		put_tlv(d, 0x01, "\xff", 1);
	put_tlv(d, 0x04, value, len);
	wrap(d, from, 0x30);
}

static void put_key_usage(struct der *d, u8 usage)
{
	u8 bits[] = { 0x03, 2, 0, usage };

	put_extension(d, "\x55\x1d\x0f", 3, true, bits, sizeof(bits));
}

static void put_attributes(struct der *d, u32 attrs)
{
	u8 bits[] = { 0x03, 5, 0, attrs >> 24, attrs >> 16, attrs >> 8, attrs };

	put_extension(d, "\x67\x81\x05\x0a\x01\x01\x01", 7, false, bits, sizeof(bits));
}

/**
 * struct wish - a partial certificate
 * @usage: first byte of KeyUsage; 0 for no such extension
 * @attrs: of the extension with a TPMA_OBJECT; 0 for none
 * @algorithm: DER of a signature algorithm; NULL when the TPM shall add it
 */
struct wish {
	u8 usage;
	u32 attrs;
	const char *algorithm;
	u32 algorithm_len;
};

static void put_partial(struct der *d, const struct wish *w)
{
	u32 from;

	d->len = 0;
	put(d, w->algorithm, w->algorithm_len);
	put_name(d, "issuer");
	from = d->len;
	put_tlv(d, 0x17, "200101000000Z", 13);
	put_tlv(d, 0x17, "491231235959Z", 13);
	wrap(d, from, 0x30);
	put_name(d, "subject");
	from = d->len;
	put_extension(d, "\x55\x1d\x13", 3, true, "\x30\x00", 2);	/* no authority */
	if (w->usage)
		put_key_usage(d, w->usage);
	if (w->attrs)
		put_attributes(d, w->attrs);
	wrap(d, from, 0x30);
	wrap(d, from, 0xa3);
	wrap(d, 0, 0x30);
}

/* ---- the command ---- */

struct made {
	u8 added[1024], digest[64], sig[600];
	u16 added_len, digest_len, sig_len;
	u16 alg, hash;
};

static u32 certify(u32 object, u32 signer, u16 scheme, u16 hash, const u8 *partial, u16 len,
		   struct made *m)
{
	ECDSA_SIG *ecdsa;
	struct cmd c;
	struct rsp r;
	u8 *p = m->sig;
	u16 r_len, s_len;
	const u8 *first, *second;
	u32 rc;

	cmd_begin_pw(&c, TPM_CC_CertifyX509, 2, 2, object, signer);
	cmd_u16(&c, 0);
	put_scheme(&c, scheme, hash);
	cmd_2b(&c, partial, len);
	rc = cmd_run(&tpm, &c);
	if (rc)
		return rc;
	r = rsp_params(&tpm, NULL);
	keep_2b(&r, m->added, sizeof(m->added), &m->added_len);
	keep_2b(&r, m->digest, sizeof(m->digest), &m->digest_len);
	m->alg = rsp_u16(&r);
	m->hash = rsp_u16(&r);
	first = rsp_2b(&r, &r_len);
	memcpy(m->sig, first, r_len);
	m->sig_len = r_len;
	if (m->alg == TPM_ALG_ECDSA) {
		second = rsp_2b(&r, &s_len);
		ecdsa = ECDSA_SIG_new();
		ECDSA_SIG_set0(ecdsa, BN_bin2bn(first, r_len, NULL),
			       BN_bin2bn(second, s_len, NULL));
		m->sig_len = i2d_ECDSA_SIG(ecdsa, &p);
		ECDSA_SIG_free(ecdsa);
	}
	return r.bad || r.left ? 0xffffffff : 0;
}

/* Length of the element at @p with tag and length; what it holds begins at *@head. */
static u32 element(const u8 *p, u32 *head)
{
	if (p[1] < 0x80) {
		*head = 2;
		return 2 + p[1];
	}
	*head = p[1] == 0x81 ? 3 : 4;
	return *head + (p[1] == 0x81 ? p[2] : get_unaligned_be16(p + 2));
}

/* The certificate from its two halves. */
static X509 *assemble(const u8 *partial, const struct made *m, bool own_algorithm)
{
	struct der d = { .len = 0 };
	const u8 *in = partial, *add = m->added, *alg, *p = d.b;
	u32 head, len, alg_len, end, i;

	end = element(in, &head);
	in += head;
	element(add, &head);
	add += head;
	for (i = 0; i < 2; i++, add += len) {	/* version, serial number */
		len = element(add, &head);
		put(&d, add, len);
	}
	alg = own_algorithm ? in : add;
	alg_len = element(alg, &head);
	put(&d, alg, alg_len);
	*(own_algorithm ? &in : &add) += alg_len;
	for (i = 0; i < 3; i++, in += len) {	/* issuer, validity, subject */
		len = element(in, &head);
		put(&d, in, len);
	}
	put(&d, add, m->added + m->added_len - add);
	put(&d, in, partial + end - in);
	wrap(&d, 0, 0x30);
	put(&d, alg, alg_len);
	i = d.len;
	put(&d, "", 1);
	put(&d, m->sig, m->sig_len);
	wrap(&d, i, 0x03);
	wrap(&d, 0, 0x30);
	return d2i_X509(NULL, &p, d.len);
}

/* OpenSSL says that @signer signed a certificate of @subject's key. */
static void check_certificate(const u8 *partial, const struct made *m, bool own_algorithm,
			      EVP_PKEY *signer, EVP_PKEY *subject)
{
	X509 *cert = assemble(partial, m, own_algorithm);
	unsigned int len = 0;
	u8 digest[64], *tbs = NULL;
	int tbs_len;

	EXPECT(cert);
	EXPECT_EQ(X509_get_version(cert), 2);
	EXPECT_EQ(X509_verify(cert, signer), 1);
	EXPECT_EQ(EVP_PKEY_eq(X509_get0_pubkey(cert), subject), 1);
	/* one that is not negative, and no longer than RFC 5280 allows */
	EXPECT_EQ(ASN1_STRING_type(X509_get0_serialNumber(cert)), V_ASN1_INTEGER);
	EXPECT_EQ(ASN1_STRING_length(X509_get0_serialNumber(cert)), 20);
	EXPECT(X509_get_key_usage(cert) != UINT32_MAX);
	tbs_len = i2d_re_X509_tbs(cert, &tbs);
	EVP_Digest(tbs, tbs_len, digest, &len, md_of(m->hash), NULL);
	EXPECT_EQ(m->digest_len, len);
	EXPECT_MEM(m->digest, digest, len);
	OPENSSL_free(tbs);
	X509_free(cert);
}

static const struct key_spec rsa_signer = { "rsa", TPM_ALG_RSA, KEY_SIGN, TPM_ALG_NULL, 0, 2048 };
static const struct key_spec ecc_signer = {
	"ecc", TPM_ALG_ECC, KEY_SIGN, TPM_ALG_NULL, 0, TPM_ECC_NIST_P256
};

static void begin(void)
{
	host_tpm_new(&tpm, NULL);
}

static void end(void)
{
	EXPECT_EQ(host_tpm_free(&tpm), 0);
}

/* ---- certificates ---- */

static void one_pair(const struct key_spec *signer, const struct key_spec *subject, u16 scheme,
		     u16 hash)
{
	struct wish w = { .usage = SIGNATURE, .attrs = KEY_FIXED | KEY_SIGN |
			  TPMA_OBJECT_SENSITIVEDATAORIGIN };
	EVP_PKEY *s, *o;
	struct key key, object;
	struct der d;
	struct made m;

	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, signer, &key), 0);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, subject, &object), 0);
	put_partial(&d, &w);
	EXPECT_EQ(certify(object.handle, key.handle, scheme, hash, d.b, d.len, &m), 0);
	s = key_pkey(&key);
	o = key_pkey(&object);
	check_certificate(d.b, &m, false, s, o);
	EVP_PKEY_free(s);
	EVP_PKEY_free(o);
	tpm_flush(&tpm, key.handle);
	tpm_flush(&tpm, object.handle);
}

static void certificates(void)
{
	static const u16 curves[] = { TPM_ECC_NIST_P256, TPM_ECC_NIST_P384, TPM_ECC_NIST_P521 };
	struct key_spec ecc = ecc_signer, rsa = rsa_signer;
	unsigned int i, j;

	begin();
	for (i = 0; i < 4; i++) {
		one_pair(&rsa_signer, &ecc_signer, TPM_ALG_RSASSA, all_hashes[i]);
		OK_SO_FAR();
		one_pair(&rsa_signer, &rsa_signer, TPM_ALG_RSAPSS, all_hashes[i]);
		OK_SO_FAR();
		for (j = 0; j < 3; j++) {
			ecc.size = curves[j];
			one_pair(&ecc, &ecc, TPM_ALG_ECDSA, all_hashes[i]);
			OK_SO_FAR();
		}
	}
	/* the salt has less room than the digest is long */
	rsa.size = 1024;
	one_pair(&rsa, &rsa, TPM_ALG_RSAPSS, TPM_ALG_SHA512);
	OK_SO_FAR();
	end();
}

/* The caller may name the algorithm: then it is not added, and is what is signed. */
static void own_algorithm(void)
{
	static const char alg[] = "\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";
	struct wish w = { .usage = SIGNATURE, .algorithm = alg, .algorithm_len = 12 };
	struct made m;
	struct key key;
	struct der d;
	EVP_PKEY *s;

	begin();
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &ecc_signer, &key), 0);
	put_partial(&d, &w);
	EXPECT_EQ(certify(key.handle, key.handle, TPM_ALG_ECDSA, TPM_ALG_SHA256, d.b, d.len, &m),
		  0);
	s = key_pkey(&key);
	check_certificate(d.b, &m, true, s, s);
	EVP_PKEY_free(s);
	end();
}

/* x509sign: it signs certificates, and nothing that TPM2_Sign is given. */
static void x509sign(void)
{
	struct key_spec spec = ecc_signer;
	struct wish w = { .usage = SIGNATURE };
	struct made m;
	struct key key;
	struct der d;
	struct cmd c;

	begin();
	spec.attrs |= TPMA_OBJECT_X509SIGN;
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &spec, &key), 0);
	put_partial(&d, &w);
	EXPECT_EQ(certify(key.handle, key.handle, TPM_ALG_ECDSA, TPM_ALG_SHA256, d.b, d.len, &m),
		  0);
	cmd_begin_pw(&c, TPM_CC_Sign, 1, 1, key.handle);
	cmd_2b(&c, m.digest, 32);
	put_scheme(&c, TPM_ALG_ECDSA, TPM_ALG_SHA256);
	cmd_u16(&c, TPM_ST_HASHCHECK);
	cmd_u32(&c, TPM_RH_NULL);
	cmd_u16(&c, 0);
	EXPECT_EQ(cmd_run(&tpm, &c), H(TPM_RC_ATTRIBUTES, 1));
	end();
}

/* ---- refusals ---- */

static u32 with(const struct key *object, const struct key *signer, u8 usage, u32 attrs)
{
	struct wish w = { .usage = usage, .attrs = attrs };
	struct made m;
	struct der d;

	put_partial(&d, &w);
	return certify(object->handle, signer->handle, TPM_ALG_ECDSA, TPM_ALG_SHA256, d.b, d.len,
		       &m);
}

static void usages(void)
{
	static const struct key_spec decrypt = {
		"decrypt", TPM_ALG_ECC, KEY_DECRYPT, TPM_ALG_NULL, 0, TPM_ECC_NIST_P256
	}, storage = {
		"storage", TPM_ALG_ECC, KEY_DECRYPT | KEY_RESTRICTED, TPM_ALG_NULL, 0,
		TPM_ECC_NIST_P256
	};
	const u32 origin = KEY_FIXED | TPMA_OBJECT_SENSITIVEDATAORIGIN;
	const u32 no = H(TPM_RC_ATTRIBUTES, 1);
	struct key s, d, r;

	begin();
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &ecc_signer, &s), 0);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &decrypt, &d), 0);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &storage, &r), 0);
	EXPECT_EQ(with(&s, &s, SIGNATURE | CERT_SIGN | NONREPUDIATION, 0), 0);
	EXPECT_EQ(with(&s, &s, KEY_ENCIPHERMENT, 0), no);
	EXPECT_EQ(with(&s, &s, SIGNATURE | KEY_ENCIPHERMENT, 0), no);
	EXPECT_EQ(with(&d, &s, KEY_ENCIPHERMENT, 0), 0);
	EXPECT_EQ(with(&d, &s, SIGNATURE, 0), no);
	EXPECT_EQ(with(&d, &s, CERT_SIGN, 0), no);
	EXPECT_EQ(with(&d, &s, KEY_AGREEMENT, 0), no);
	EXPECT_EQ(with(&r, &s, KEY_AGREEMENT, 0), 0);
	EXPECT_EQ(with(&s, &s, SIGNATURE, origin | KEY_SIGN), 0);
	EXPECT_EQ(with(&s, &s, SIGNATURE, origin | KEY_SIGN | KEY_DECRYPT), no);
	EXPECT_EQ(with(&s, &s, SIGNATURE, origin), no);
	EXPECT_EQ(with(&s, &s, 0, origin | KEY_SIGN), P(TPM_RC_VALUE, 3));
	EXPECT_EQ(with(&s, &d, SIGNATURE, 0), H(TPM_RC_KEY, 2));
	end();
}

static void wrong_keys(void)
{
	static const struct key_spec schnorr = {
		"schnorr", TPM_ALG_ECC, KEY_SIGN, TPM_ALG_ECSCHNORR, TPM_ALG_SHA256,
		TPM_ECC_NIST_P256
	}, hmac = { "hmac", TPM_ALG_KEYEDHASH, KEY_SIGN, TPM_ALG_HMAC, TPM_ALG_SHA256 };
	struct wish w = { .usage = SIGNATURE };
	struct key s, other;
	struct made m;
	struct der d;

	begin();
	put_partial(&d, &w);
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &ecc_signer, &s), 0);
	EXPECT_EQ(certify(s.handle, TPM_RH_NULL, TPM_ALG_NULL, 0, d.b, d.len, &m),
		  H(TPM_RC_KEY, 2));
	EXPECT_EQ(certify(s.handle, s.handle, TPM_ALG_NULL, 0, d.b, d.len, &m),
		  P(TPM_RC_SCHEME, 2));
	EXPECT_EQ(certify(s.handle, s.handle, TPM_ALG_RSASSA, TPM_ALG_SHA256, d.b, d.len, &m),
		  P(TPM_RC_SCHEME, 2));
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &schnorr, &other), 0);
	EXPECT_EQ(certify(s.handle, other.handle, TPM_ALG_NULL, 0, d.b, d.len, &m),
		  H(TPM_RC_SCHEME, 2));
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &hmac, &other), 0);
	EXPECT_EQ(certify(other.handle, s.handle, TPM_ALG_ECDSA, TPM_ALG_SHA256, d.b, d.len, &m),
		  H(TPM_RC_ASYMMETRIC, 1));
	end();
}

/* ---- hostile input, in memory that ends where the input does ---- */

static tpm_rc split(const u8 *p, u32 len, struct x509_partial *out)
{
	u8 *copy = malloc(len ? len : 1);
	tpm_rc rc;

	memcpy(copy, p, len);
	rc = tpm2_x509_split(tpm2b(copy, len), out);
	if (!rc && (out->middle.data < copy || out->extensions.data < copy ||
		    out->extensions.data + out->extensions.size != copy + len))
		test_fail(__FILE__, __LINE__, "elements outside of the input");
	free(copy);
	return rc;
}

static void good_partial(struct der *d, bool algorithm)
{
	struct wish w = {
		.usage = SIGNATURE, .attrs = 0x12345678, .algorithm_len = algorithm ? 12 : 0,
		.algorithm = "\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02",
	};

	put_partial(d, &w);
}

/* Cut anywhere; then with the outer length as if that were all. */
static void truncations(void)
{
	struct x509_partial out;
	struct der d, cut;
	u32 len, head;
	int i;

	for (i = 0; i < 2; i++) {
		good_partial(&d, i);
		EXPECT(!split(d.b, d.len, &out));
		EXPECT_EQ(out.key_usage, 0x80000000);
		EXPECT(out.has_attributes && out.attributes == 0x12345678);
		EXPECT_EQ(out.algorithm.size, i ? 12 : 0);
		element(d.b, &head);
		for (len = 0; len < d.len; len++)
			EXPECT(split(d.b, len, &out) == TPM_RC_SIZE);
		for (len = head; len < d.len; len++) {
			cut.len = 0;
			put_tlv(&cut, 0x30, d.b + head, len - head);
			EXPECT(split(cut.b, cut.len, &out) == TPM_RC_VALUE);
		}
		put(&d, "", 1);
		EXPECT(split(d.b, d.len, &out) == TPM_RC_SIZE);
	}
}

/* Is it what RFC 5280 calls extensions? OpenSSL's opinion on what was let through. */
static bool openssl_takes(const u8 *p, u32 len)
{
	const u8 *at = p;
	u32 head;
	X509_EXTENSIONS *e;

	element(p, &head);
	at += head;
	e = d2i_X509_EXTENSIONS(NULL, &at, len - head);
	sk_X509_EXTENSION_pop_free(e, X509_EXTENSION_free);
	return e && at == p + len;
}

/* Every byte with every other value. */
static void flips(void)
{
	struct x509_partial out;
	u32 at, ok = 0, bad = 0;
	struct der d, cp;
	int i, v;
	tpm_rc rc;

	for (i = 0; i < 2; i++) {
		good_partial(&d, i);
		for (at = 0; at < d.len; at++)
			for (v = 1; v < 256; v++) {
				cp = d;
				cp.b[at] ^= v;
				rc = split(cp.b, cp.len, &out);
				OK_SO_FAR();
				EXPECT(!rc || rc == TPM_RC_SIZE || rc == TPM_RC_VALUE);
				rc ? bad++ : ok++;
				if (!rc) {
					u32 n = out.extensions.size;

					EXPECT(openssl_takes(cp.b + cp.len - n, n));
				}
			}
	}
	EXPECT(ok > 1000 && bad > 1000);	/* texts may be anything, structure may not */
}

/* One edit of a good partial certificate's extensions each. */
static tpm_rc with_extensions(const void *extensions, u32 len)
{
	struct x509_partial out;
	struct der d, good;
	u32 head, at, from, i;

	good_partial(&good, false);
	element(good.b, &head);
	for (at = head, i = 0; i < 3; i++)
		at += element(good.b + at, &from);
	d.len = 0;
	put(&d, good.b + head, at - head);
	from = d.len;
	put(&d, extensions, len);
	wrap(&d, from, 0xa3);
	wrap(&d, 0, 0x30);
	return split(d.b, d.len, &out);
}

static tpm_rc with_bits(const void *value, u32 len)
{
	struct der d = { .len = 0 };

	put_extension(&d, "\x55\x1d\x0f", 3, false, value, len);
	wrap(&d, 0, 0x30);
	return with_extensions(d.b, d.len);
}

static void extensions(void)
{
	struct der d = { .len = 0 };

	put_key_usage(&d, SIGNATURE);
	put_key_usage(&d, SIGNATURE);
	wrap(&d, 0, 0x30);
	EXPECT(with_extensions(d.b, d.len) == TPM_RC_VALUE);	/* twice */
	d.len = 0;
	put_key_usage(&d, SIGNATURE);
	put_attributes(&d, 1);
	put_attributes(&d, 1);
	wrap(&d, 0, 0x30);
	EXPECT(with_extensions(d.b, d.len) == TPM_RC_VALUE);
	EXPECT(with_extensions("\x30\x00", 2) == TPM_RC_VALUE);	/* none */
	EXPECT(with_extensions("", 0) == TPM_RC_VALUE);
	d.len = 0;
	put_key_usage(&d, SIGNATURE);
	EXPECT(with_extensions(d.b, d.len) == TPM_RC_VALUE);	/* not in a SEQUENCE */
	EXPECT(with_bits("\x03\x02\x00\x80", 4) == TPM_RC_SUCCESS);
	EXPECT(with_bits("\x03\x02\x07\x80", 4) == TPM_RC_SUCCESS);
	EXPECT(with_bits("\x03\x03\x07\x00\x80", 5) == TPM_RC_SUCCESS);
	EXPECT(with_bits("\x03\x02\x08\x80", 4) == TPM_RC_VALUE);	/* unused bits */
	EXPECT(with_bits("\x03\x02\x07\x81", 4) == TPM_RC_VALUE);
	EXPECT(with_bits("\x03\x01\x01", 3) == TPM_RC_VALUE);
	EXPECT(with_bits("\x03\x00", 2) == TPM_RC_VALUE);
	EXPECT(with_bits("\x03\x06\x00\x80\x00\x00\x00\x00", 8) == TPM_RC_VALUE);
	EXPECT(with_bits("\x03\x02\x00\x80\x00", 5) == TPM_RC_VALUE);
	EXPECT(with_bits("\x04\x02\x00\x80", 4) == TPM_RC_VALUE);
	EXPECT(with_bits("", 0) == TPM_RC_VALUE);
}

/* Lengths that are not the shortest, or not definite; tags of more bytes; too deep. */
static void encodings(void)
{
	static const char *const bad[] = {
		"\x30\x80\x00\x00",				/* indefinite */
		"\x30\x81\x02\x05\x00", "\x30\x82\x00\x02\x05\x00",	/* not shortest */
		"\x30\x83\x00\x00\x02\x05\x00", "\x30\x84\x00\x00\x00\x02\x05\x00",
		"\x30\xff", "\x1f\x81\x00\x01\x00", "\x10\x00", "\x11\x00", "\x00\x00",
		"\x30\x05\x05\x00",				/* past the end */
	};
	static const u8 lengths[] = { 4, 5, 6, 7, 8, 2, 5, 2, 2, 2, 4 };
	struct x509_partial out;
	struct der d, good;
	u32 i, head, from;

	good_partial(&good, false);
	element(good.b, &head);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		d.len = 0;
		put_tlv(&d, 0x30, bad[i], lengths[i]);
		put(&d, good.b + head, good.len - head);
		wrap(&d, 0, 0x30);
		EXPECT(split(d.b, d.len, &out) == TPM_RC_VALUE);
	}
	for (i = 0; i < 40; i++) {	/* as the algorithm, which may be any SEQUENCE */
		d.len = 0;
		for (from = 0; from <= i; from++)
			wrap(&d, 0, 0x30);
		put(&d, good.b + head, good.len - head);
		wrap(&d, 0, 0x30);
		EXPECT((split(d.b, d.len, &out) == TPM_RC_SUCCESS) == (i < 14));
	}
}

/* The command itself, with bits flipped: what it signs is what it was given. */
static void commands(void)
{
	const u8 *p;
	struct made m;
	struct der d;
	struct key key;
	EVP_PKEY *s;
	X509 *cert;
	u32 at, rc, ok = 0;

	begin();
	EXPECT_EQ(make_key(&tpm, TPM_RH_OWNER, &ecc_signer, &key), 0);
	s = key_pkey(&key);
	put_partial(&d, &(struct wish){ .usage = SIGNATURE });
	for (at = 0; at < d.len; at++) {
		d.b[at] ^= 1 << (at % 8);
		rc = certify(key.handle, key.handle, TPM_ALG_ECDSA, TPM_ALG_SHA256, d.b, d.len, &m);
		EXPECT(!rc || rc == P(TPM_RC_VALUE, 3) || rc == P(TPM_RC_SIZE, 3) ||
		       rc == H(TPM_RC_ATTRIBUTES, 1));
		cert = rc ? NULL : assemble(d.b, &m, false);
		if (cert) {	/* OpenSSL knows more of what is in names and times */
			EXPECT_EQ(X509_verify(cert, s), 1);
			ok++;
		}
		X509_free(cert);
		d.b[at] ^= 1 << (at % 8);
	}
	EXPECT(ok > 10);
	for (at = 0, p = d.b; at < d.len; at++)
		EXPECT_EQ(certify(key.handle, key.handle, TPM_ALG_ECDSA, TPM_ALG_SHA256, p, at, &m),
			  P(TPM_RC_SIZE, 3));
	EVP_PKEY_free(s);
	end();
}

static const struct test_case cases[] = {
	{ "certificates that OpenSSL verifies", certificates },
	{ "an algorithm of the caller's", own_algorithm },
	{ "x509sign", x509sign },
	{ "usages and attributes", usages },
	{ "keys that do not serve", wrong_keys },
	{ "every truncation", truncations },
	{ "every byte", flips },
	{ "extensions", extensions },
	{ "encodings", encodings },
	{ "commands with bits flipped", commands },
};

TEST_MAIN("x509", cases)
