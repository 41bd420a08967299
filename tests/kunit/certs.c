// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trusted parties and signed manifests, through the kernel's own X.509 and
 * PKCS#7 code and keyrings: an RSA and an ECDSA signer (signed.h).
 */
#include "property/certs.h"
#include "signed.h"
#include "support.h"

static void empty_store(struct kunit *test)
{
	vtpm_trust_remove("it");
	vtpm_trust_remove("lab");
	KUNIT_EXPECT_EQ(test, vtpm_trust_list(NULL, 0), 0U);
	KUNIT_EXPECT_EQ(test, vtpm_cert_list(NULL, 0), 0U);
}

static void trust_both(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, vtpm_trust_add("it", rsa_cert, sizeof(rsa_cert)), 0);
	KUNIT_ASSERT_EQ(test, vtpm_trust_add("lab", ecdsa_cert, sizeof(ecdsa_cert)), 0);
}

/* Does the store say of the measurement that it has @property? */
static void known_as(struct kunit *test, const char *party, const char *property)
{
	u8 digest[32], rep[VT_MAX_DIGEST], want[VT_MAX_DIGEST];

	vt_kunit_hex(test, D32, digest);
	vt_hash(vt_hash_find(TPM_ALG_SHA256), property, strlen(property), want);
	KUNIT_EXPECT_EQ(test, vtpm_cert_lookup(TPM_ALG_SHA256, digest, party,
					       VTPM_REPRESENT_PROPERTY, rep), 0);
	KUNIT_EXPECT_EQ(test, memcmp(rep, want, 32), 0);
}

static void unknown(struct kunit *test)
{
	u8 digest[32], rep[VT_MAX_DIGEST];

	vt_kunit_hex(test, D32, digest);
	KUNIT_EXPECT_EQ(test, vtpm_cert_lookup(TPM_ALG_SHA256, digest, "",
					       VTPM_REPRESENT_PROPERTY, rep), -ENOENT);
}

static void trusted_parties(struct kunit *test)
{
	struct vtpm_trust_entry e[3];

	trust_both(test);
	KUNIT_EXPECT_EQ(test, vtpm_trust_list(e, 3), 2U);
	KUNIT_EXPECT_STREQ(test, e[0].name, "it");
	KUNIT_EXPECT_STREQ(test, e[1].name, "lab");
	KUNIT_EXPECT_NE(test, memcmp(e[0].key_digest, e[1].key_digest, 32), 0);
	KUNIT_EXPECT_EQ(test, vtpm_trust_add("it", ecdsa_cert, sizeof(ecdsa_cert)), -EEXIST);
	KUNIT_EXPECT_EQ(test, vtpm_trust_add("new", rsa_cert, sizeof(rsa_cert)), -EEXIST);
	KUNIT_EXPECT_EQ(test, vtpm_trust_add("a/b", rsa_cert, sizeof(rsa_cert)), -EINVAL);
	KUNIT_EXPECT_EQ(test, vtpm_trust_remove("nobody"), -ENOENT);
	empty_store(test);
}

/* A certificate that is cut off, or that somebody has changed where it is signed. */
static void bad_certificates(struct kunit *test)
{
	u8 *copy = kunit_kzalloc(test, sizeof(ecdsa_cert), GFP_KERNEL);
	size_t len;
	int rc;

	KUNIT_ASSERT_NOT_NULL(test, copy);
	for (len = 0; len < sizeof(ecdsa_cert); len++) {
		memcpy(copy, ecdsa_cert, sizeof(ecdsa_cert));
		rc = vtpm_trust_add("it", copy, len);
		KUNIT_EXPECT_EQ_MSG(test, rc, -EBADMSG, "%zu bytes", len);
	}
	for (len = sizeof(ecdsa_cert) - 8; len < sizeof(ecdsa_cert); len++) {
		memcpy(copy, ecdsa_cert, sizeof(ecdsa_cert));
		copy[len] ^= 1;
		rc = vtpm_trust_add("it", copy, sizeof(ecdsa_cert));
		KUNIT_EXPECT_EQ_MSG(test, rc, -EKEYREJECTED, "byte %zu", len);
	}
	empty_store(test);
}

static void load_and_look(struct kunit *test)
{
	char name[VTPM_NAME_MAX + 1] = "";
	struct vtpm_text_error err = { 0 };
	struct vtpm_cert_entry e[3];

	KUNIT_EXPECT_EQ(test, vtpm_cert_load(rsa_first, sizeof(rsa_first), name, &err), -ENOKEY);
	trust_both(test);
	unknown(test);
	KUNIT_EXPECT_EQ(test, vtpm_cert_load(ecdsa_second, sizeof(ecdsa_second), name, &err), 0);
	KUNIT_EXPECT_STREQ(test, name, "second");
	known_as(test, "", "fine");
	KUNIT_EXPECT_EQ(test, vtpm_cert_load(rsa_first, sizeof(rsa_first), name, &err), 0);
	KUNIT_EXPECT_STREQ(test, name, "first");
	known_as(test, "", "good");
	known_as(test, "lab", "fine");
	KUNIT_EXPECT_EQ(test, vtpm_cert_list(e, 3), 2U);
	KUNIT_EXPECT_STREQ(test, e[0].name, "first");
	KUNIT_EXPECT_STREQ(test, e[1].trust, "lab");
	KUNIT_EXPECT_EQ(test, vtpm_trust_remove("it"), 0);
	known_as(test, "", "fine");
	KUNIT_EXPECT_EQ(test, vtpm_cert_remove("second"), 0);
	unknown(test);
	empty_store(test);
}

/* Refused, or, where the signature does not cover the byte, what was signed. */
static bool harmless(struct kunit *test, const u8 *p7, size_t len)
{
	char name[VTPM_NAME_MAX + 1];
	struct vtpm_text_error err = { 0 };
	int rc = vtpm_cert_load(p7, len, name, &err);

	if (rc)
		return (rc == -EBADMSG || rc == -EKEYREJECTED || rc == -ENOKEY ||
			rc == -ENOPKG) && !vtpm_cert_list(NULL, 0);
	known_as(test, "", "fine");
	return !vtpm_cert_remove("second");
}

static void changed_messages(struct kunit *test)
{
	u8 *copy = kunit_kzalloc(test, sizeof(ecdsa_second), GFP_KERNEL);
	char name[VTPM_NAME_MAX + 1];
	size_t i;
	int rc;

	KUNIT_ASSERT_NOT_NULL(test, copy);
	trust_both(test);
	for (i = 0; i < sizeof(ecdsa_second); i++) {
		memcpy(copy, ecdsa_second, sizeof(ecdsa_second));
		rc = vtpm_cert_load(copy, i, name, NULL);
		KUNIT_EXPECT_EQ_MSG(test, rc, -EBADMSG, "%zu bytes", i);
		copy[i] ^= 1 << i % 8;
		KUNIT_EXPECT_TRUE_MSG(test, harmless(test, copy, sizeof(ecdsa_second)),
				      "byte %zu", i);
	}
	empty_store(test);
}

/* The certificate provider in a TPM: PolicyPCR's view follows the property, reading the hash. */
static struct host_tpm tpm;

static void property_in_pcr(struct kunit *test)
{
	const struct vt_hash_alg *alg = vt_hash_find(TPM_ALG_SHA256);
	u8 m[32], pcr[32], rep[32], want[32] = { 0 };
	char name[VTPM_NAME_MAX + 1];

	trust_both(test);
	KUNIT_ASSERT_EQ(test, vtpm_cert_load(rsa_first, sizeof(rsa_first), name, NULL), 0);
	host_tpm_new(&tpm, "provider certificate represent=property\n"
			   "read pcr=10 provider=certificate\n");
	vt_kunit_hex(test, D32, m);
	KUNIT_EXPECT_EQ(test, vt_kunit_extend(&tpm, TPM_ALG_SHA256, 10, m), 0U);
	KUNIT_EXPECT_EQ(test, vt_kunit_read(test, &tpm, TPM_ALG_SHA256, 10, pcr), 32);
	vt_hash(alg, "good", 4, rep);
	vt_kunit_chain(alg, want, rep);
	KUNIT_EXPECT_EQ(test, memcmp(pcr, want, sizeof(want)), 0);
	/* what nobody vouches for goes in as zeros */
	m[0] ^= 1;
	KUNIT_EXPECT_EQ(test, vt_kunit_extend(&tpm, TPM_ALG_SHA256, 10, m), 0U);
	KUNIT_EXPECT_EQ(test, vt_kunit_read(test, &tpm, TPM_ALG_SHA256, 10, pcr), 32);
	memset(rep, 0, sizeof(rep));
	vt_kunit_chain(alg, want, rep);
	KUNIT_EXPECT_EQ(test, memcmp(pcr, want, sizeof(want)), 0);
	KUNIT_EXPECT_EQ(test, host_tpm_free(&tpm), 0L);
	empty_store(test);
}

static struct kunit_case certs_cases[] = {
	KUNIT_CASE(trusted_parties),
	KUNIT_CASE(bad_certificates),
	KUNIT_CASE(load_and_look),
	KUNIT_CASE(changed_messages),
	KUNIT_CASE(property_in_pcr),
	{}
};

static struct kunit_suite certs_suite = {
	.name = "vtpm_certs",
	.test_cases = certs_cases,
};

kunit_test_suite(certs_suite);
