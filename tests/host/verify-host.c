// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host tier's twin of property/verify.c: signatures of manifests, checked
 * by OpenSSL in the way the kernel does: one certificate is trusted, whatever
 * it is for and however old.
 */
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include "../../drivers/vtpm/property/verify.h"

typedef STACK_OF(X509) cert_stack;

struct vtpm_anchor {
	X509 *cert;
	X509_STORE *store;
};

void vtpm_verify_init(void)
{
}

void vtpm_verify_exit(void)
{
}

static X509_STORE *new_store(X509 *cert)
{
	X509_STORE *store = X509_STORE_new();
	X509_VERIFY_PARAM *param;

	if (!store)
		return NULL;
	param = X509_STORE_get0_param(store);
	X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
	X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_ANY);
	X509_STORE_add_cert(store, cert);
	return store;
}

int vtpm_anchor_open(const char *name __always_unused, const void *der, size_t len,
		     struct vtpm_anchor **anchor)
{
	const unsigned char *p = der;
	X509 *cert = d2i_X509(NULL, &p, len);
	struct vtpm_anchor *a;

	ERR_clear_error();
	if (!cert || p != (const unsigned char *)der + len) {
		X509_free(cert);
		return -EBADMSG;
	}
	a = kzalloc(sizeof(*a), GFP_KERNEL);
	if (!a) {
		X509_free(cert);
		return -ENOMEM;
	}
	a->cert = cert;
	a->store = new_store(cert);
	*anchor = a;
	return 0;
}

void vtpm_anchor_close(struct vtpm_anchor *anchor)
{
	if (!anchor)
		return;
	X509_STORE_free(anchor->store);
	X509_free(anchor->cert);
	kfree(anchor);
}

const u8 *vtpm_anchor_key(const struct vtpm_anchor *anchor, size_t *len)
{
	const ASN1_BIT_STRING *bits = X509_get0_pubkey_bitstr(anchor->cert);

	*len = ASN1_STRING_length(bits);
	return ASN1_STRING_get0_data(bits);
}

/* Who signed is a question of trust; all else means that the signature is wrong. */
static int verify_error(void)
{
	unsigned long e;
	int rc = -EKEYREJECTED;

	while ((e = ERR_get_error()) != 0)
		if (ERR_GET_LIB(e) == ERR_LIB_CMS &&
		    (ERR_GET_REASON(e) == CMS_R_CERTIFICATE_VERIFY_ERROR ||
		     ERR_GET_REASON(e) == CMS_R_SIGNER_CERTIFICATE_NOT_FOUND))
			rc = -ENOKEY;
	return rc;
}

/*
 * CMS_verify() copies a memory BIO, and leaks the copy when a message names a digest that
 * OpenSSL does not know. It leaves others alone: hence a filter that does nothing.
 */
static BIO *content(const void *data, size_t len)
{
	return BIO_push(BIO_new(BIO_f_null()), BIO_new_mem_buf(data, len));
}

int vtpm_anchor_verify(const struct vtpm_anchor *anchor, const void *data, size_t len,
		       const void *sig, size_t sig_len)
{
	BIO *in = content(data, len), *der = BIO_new_mem_buf(sig, sig_len);
	CMS_ContentInfo *cms = d2i_CMS_bio(der, NULL);
	cert_stack *certs = sk_X509_new_null();
	int rc = 0;

	sk_X509_push(certs, anchor->cert);
	if (!cms)
		rc = -EBADMSG;
	else if (CMS_verify(cms, certs, anchor->store, in, NULL, CMS_BINARY) != 1)
		rc = verify_error();
	ERR_clear_error();
	BIO_free_all(in);
	BIO_free(der);
	sk_X509_free(certs);
	CMS_ContentInfo_free(cms);
	return rc;
}
