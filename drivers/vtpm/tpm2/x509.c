// SPDX-License-Identifier: GPL-2.0-only
/* Writing of X.509's structures: keys and algorithms (RFC 3279, 4055, 5480, 5758). */
#include "x509.h"

#define TAG_INTEGER	0x02
#define TAG_BIT_STRING	0x03

#define TAG_OID		0x06

static const u8 oid_rsa[] = { TAG_OID, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01 };
static const u8 oid_sha2[] = { TAG_OID, 9, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02 };
static const u8 oid_ec_key[] = { TAG_OID, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01 };
static const u8 oid_ecdsa[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04 };
static const u8 der_null[] = { 0x05, 0 };

/* Bytes of a value of @len bytes with its tag and length */
static u32 tlv(u32 len)
{
	if (len < 0x80)
		return len + 2;
	return len < 0x100 ? len + 3 : len + 4;
}

void tpm2_x509_header(struct tpm2_writer *w, u8 tag, u32 len)
{
	tpm2_put_u8(w, tag);
	if (len < 0x80) {
		tpm2_put_u8(w, len);
	} else if (len < 0x100) {
		tpm2_put_u8(w, 0x81);
		tpm2_put_u8(w, len);
	} else {
		tpm2_put_u8(w, 0x82);
		tpm2_put_u16(w, len);
	}
}

/* ---- numbers ---- */

static u32 number_size(struct tpm2b n)
{
	return n.size + (n.data[0] >= 0x80);
}

/* A number without leading zeros; one goes before it where it would read as negative. */
static void put_number(struct tpm2_writer *w, struct tpm2b n)
{
	tpm2_x509_header(w, TAG_INTEGER, number_size(n));
	if (n.data[0] >= 0x80)
		tpm2_put_u8(w, 0);
	tpm2_put(w, n.data, n.size);
}

static struct tpm2b strip(struct tpm2b n)
{
	while (n.size > 1 && !n.data[0]) {
		n.data++;
		n.size--;
	}
	return n;
}

/* ---- SubjectPublicKeyInfo ---- */

#define ALGORITHM_SIZE	15	/* of an OID of eleven bytes and a NULL */

/* An algorithm of a family, without parameters */
static void put_plain(struct tpm2_writer *w, const u8 family[10], u8 member)
{
	tpm2_x509_header(w, X509_SEQUENCE, ALGORITHM_SIZE - 2);
	tpm2_put(w, family, 10);
	tpm2_put_u8(w, member);
	tpm2_put(w, der_null, sizeof(der_null));
}

static bool put_rsa_key(struct tpm2_writer *w, const struct tpmt_public *pub)
{
	u32 exponent = tpm2_key_params(pub).exponent, key, bits;
	struct tpm2b n = pub->unique.x, e;
	u8 be[4];

	if (!n.size)
		return false;
	put_unaligned_be32(exponent, be);
	n = strip(n);
	e = strip(tpm2b(be, sizeof(be)));
	key = tlv(number_size(n)) + tlv(number_size(e));
	bits = 1 + tlv(key);
	tpm2_x509_header(w, X509_SEQUENCE, ALGORITHM_SIZE + tlv(bits));
	put_plain(w, oid_rsa, 1);
	tpm2_x509_header(w, TAG_BIT_STRING, bits);
	tpm2_put_u8(w, 0);
	tpm2_x509_header(w, X509_SEQUENCE, key);
	put_number(w, n);
	put_number(w, e);
	return !w->full;
}

static const struct {
	u16 curve;
	u8 size;
	u8 oid[10];
} curves[] = {
	{ TPM_ECC_NIST_P256, 10, { TAG_OID, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 } },
	{ TPM_ECC_NIST_P384, 7, { TAG_OID, 5, 0x2b, 0x81, 0x04, 0x00, 0x22 } },
	{ TPM_ECC_NIST_P521, 7, { TAG_OID, 5, 0x2b, 0x81, 0x04, 0x00, 0x23 } },
};

static bool put_ecc_key(struct tpm2_writer *w, const struct tpmt_public *pub)
{
	const struct vt_curve *curve = vt_curve_find(pub->parms.curve);
	u8 x[VT_ECC_MAX_BYTES], y[VT_ECC_MAX_BYTES];
	u32 alg, bits = 2 + 2 * curve->bytes;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(curves); i++)
		if (curves[i].curve == curve->id)
			break;
	if (i == ARRAY_SIZE(curves) || !pub->unique.x.size ||
	    !tpm2_pad_point(curve, &pub->unique, x, y))
		return false;
	alg = sizeof(oid_ec_key) + curves[i].size;
	tpm2_x509_header(w, X509_SEQUENCE, tlv(alg) + tlv(bits));
	tpm2_x509_header(w, X509_SEQUENCE, alg);
	tpm2_put(w, oid_ec_key, sizeof(oid_ec_key));
	tpm2_put(w, curves[i].oid, curves[i].size);
	tpm2_x509_header(w, TAG_BIT_STRING, bits);
	tpm2_put_u8(w, 0);
	tpm2_put_u8(w, 4);	/* both coordinates follow */
	tpm2_put(w, x, curve->bytes);
	tpm2_put(w, y, curve->bytes);
	return !w->full;
}

bool tpm2_x509_public_key(struct tpm2_writer *w, const struct tpmt_public *pub)
{
	switch (pub->type) {
	case TPM_ALG_RSA:
		return put_rsa_key(w, pub);
	case TPM_ALG_ECC:
		return put_ecc_key(w, pub);
	default:
		return false;
	}
}

/* ---- AlgorithmIdentifier ---- */

/* Which of a family's last numbers stands for the hash; 0: none */
static u8 pick(u16 hash, u8 sha1, u8 sha256)
{
	switch (hash) {
	case TPM_ALG_SHA1:
		return sha1;
	case TPM_ALG_SHA256:
		return sha256;
	case TPM_ALG_SHA384:
		return sha256 + 1;
	case TPM_ALG_SHA512:
		return sha256 + 2;
	default:
		return 0;
	}
}

/* Parameters are left out where they are what RFC 4055 has for default: SHA-1, 20 bytes. */
static void put_rsapss(struct tpm2_writer *w, u16 hash, u16 salt)
{
	u8 sha2 = pick(hash, 0, 1);

	tpm2_x509_header(w, X509_SEQUENCE, sha2 ? 65 : 13);
	tpm2_put(w, oid_rsa, sizeof(oid_rsa));
	tpm2_put_u8(w, 10);
	tpm2_x509_header(w, X509_SEQUENCE, sha2 ? 52 : 0);
	if (!sha2)
		return;
	tpm2_x509_header(w, 0xa0, ALGORITHM_SIZE);	/* hash */
	put_plain(w, oid_sha2, sha2);
	tpm2_x509_header(w, 0xa1, 28);			/* mask: MGF1 with it */
	tpm2_x509_header(w, X509_SEQUENCE, 26);
	tpm2_put(w, oid_rsa, sizeof(oid_rsa));
	tpm2_put_u8(w, 8);
	put_plain(w, oid_sha2, sha2);
	tpm2_x509_header(w, 0xa2, 3);			/* bytes of the salt */
	tpm2_x509_header(w, TAG_INTEGER, 1);
	tpm2_put_u8(w, salt);
}

static void put_ecdsa(struct tpm2_writer *w, u16 hash)
{
	u8 sha2 = pick(hash, 0, 2), size = sizeof(oid_ecdsa) + (sha2 ? 2 : 1);

	tpm2_x509_header(w, X509_SEQUENCE, tlv(size));
	tpm2_x509_header(w, TAG_OID, size);
	tpm2_put(w, oid_ecdsa, sizeof(oid_ecdsa));
	tpm2_put_u8(w, sha2 ? 3 : 1);
	if (sha2)
		tpm2_put_u8(w, sha2);
}

bool tpm2_x509_algorithm(struct tpm2_writer *w, const struct tpm2_object *key,
			 const struct tpmt_scheme *scheme)
{
	const struct vt_hash_alg *alg = vt_hash_find(scheme->hash);

	if (!alg)
		return false;
	switch (scheme->scheme) {
	case TPM_ALG_RSASSA:
		put_plain(w, oid_rsa, pick(alg->id, 5, 11));
		break;
	case TPM_ALG_RSAPSS:
		put_rsapss(w, alg->id, tpm2_pss_salt(alg, key->pub.parms.bits / 8));
		break;
	case TPM_ALG_ECDSA:
		put_ecdsa(w, alg->id);
		break;
	default:
		return false;
	}
	return !w->full;
}
