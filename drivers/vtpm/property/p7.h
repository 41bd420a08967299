/* SPDX-License-Identifier: GPL-2.0-only */
/* A signed message taken apart: what was signed, and the signature over it. */
#ifndef VTPM_P7_H
#define VTPM_P7_H

#include "../env.h"
#include <uapi/linux/vtpm.h>

/**
 * struct vtpm_p7 - a PKCS#7 SignedData message in two parts
 * @content: what was signed; points into the message
 * @content_len: its bytes
 * @sig: the message again, without the content
 * @sig_len: its bytes
 * @signer: how the first signer is called: the name of who issued its
 *	certificate, or its key's identifier; points into the message; NULL: neither
 * @signer_len: its bytes
 */
struct vtpm_p7 {
	const u8 *content;
	size_t content_len;
	u8 *sig;
	size_t sig_len;
	const u8 *signer;
	size_t signer_len;
};

/**
 * vtpm_p7_split() - take a message apart
 * @msg: DER PKCS#7 SignedData with content of type data
 * @len: its bytes
 * @p7: the parts; for vtpm_p7_free() on success
 * @err: gets the reason with -EBADMSG and -E2BIG; may be NULL
 *
 * Return: 0, -EBADMSG, -E2BIG, -ENOMEM.
 */
int vtpm_p7_split(const u8 *msg, size_t len, struct vtpm_p7 *p7, struct vtpm_text_error *err);
/* Is @cert likely to be the first signer's, or of who certified it? A hint and no more. */
bool vtpm_p7_is_of(const struct vtpm_p7 *p7, const u8 *cert, size_t len);
void vtpm_p7_free(struct vtpm_p7 *p7);

#endif /* VTPM_P7_H */
