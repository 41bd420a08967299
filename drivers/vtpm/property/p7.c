// SPDX-License-Identifier: GPL-2.0-only
/*
 * PKCS#7 SignedData with its content inside becomes the content and a detached
 * signature. The kernel's decoder takes no message of more than 65535 bytes,
 * too few for a manifest of a thousand measurements; a detached signature has
 * no such limit on what it signs, and means the same.
 *
 * Nothing is verified here. Whatever a wrong message makes of this ends as a
 * signature that does not check.
 */
#include "p7.h"
#include "../policy/text.h"

#define TAG_INTEGER	0x02
#define TAG_OCTETS	0x04
#define TAG_OID		0x06
#define TAG_SEQUENCE	0x30
#define TAG_SET		0x31
#define TAG_KEY_ID	0x80
#define TAG_CONTEXT_0	0xa0
#define TAG_CONTEXT_1	0xa1

#define MAX_SIG		65535	/* what the kernel's decoder takes */

/**
 * struct der - some DER
 * @p: where it begins
 * @len: its bytes
 */
struct der {
	const u8 *p;
	size_t len;
};

static const u8 oid_signed_data[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02 };
static const u8 oid_data[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01 };
/* With tag and length: an attribute's type. */
static const u8 smime_caps[] = {
	0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x0f
};

static int __printf(2, 3) bad(struct vtpm_text_error *err, const char *fmt, ...)
{
	va_list ap;

	if (err) {
		err->line = 0;
		err->column = 0;
		va_start(ap, fmt);
		vscnprintf(err->reason, sizeof(err->reason), fmt, ap);
		va_end(ap);
	}
	return -EBADMSG;
}

/* The length octets at *@at; false: not there, not minimal, or indefinite. */
static bool get_length(const struct der *in, size_t *at, size_t *len)
{
	unsigned int n;
	size_t v = 0;

	if (*at == in->len)
		return false;
	n = in->p[(*at)++];
	if (n < 0x80) {
		*len = n;
		return true;
	}
	n -= 0x80;
	if (!n || n > 4 || n > in->len - *at || !in->p[*at])
		return false;
	while (n--)
		v = v << 8 | in->p[(*at)++];
	*len = v;
	return v >= 0x80;
}

/* Takes one element with @tag off the front of @in. */
static bool get(struct der *in, u8 tag, struct der *out)
{
	size_t at = 1, len;

	if (!in->len || in->p[0] != tag || !get_length(in, &at, &len) || len > in->len - at)
		return false;
	out->p = in->p + at;
	out->len = len;
	in->p += at + len;
	in->len -= at + len;
	return true;
}

static bool get_oid(struct der *in, const u8 *oid, size_t len)
{
	struct der d;

	return get(in, TAG_OID, &d) && d.len == len && !memcmp(d.p, oid, len);
}

static bool contains(const struct der *d, const u8 *what, size_t len)
{
	size_t i;

	for (i = 0; i + len <= d->len; i++)
		if (!memcmp(d->p + i, what, len))
			return true;
	return false;
}

/**
 * struct parts - where the pieces of a message are
 * @head: version and digest algorithms
 * @content: what was signed
 * @tail: certificates, revocation lists, signers
 * @signers: the last of these
 */
struct parts {
	struct der head;
	struct der content;
	struct der tail;
	struct der signers;
};

static int get_content(struct der *encap, struct der *content, struct vtpm_text_error *err)
{
	struct der wrap;

	if (!get_oid(encap, oid_data, sizeof(oid_data)))
		return bad(err, "the signed content is not of type data");
	if (!encap->len)
		return bad(err, "the manifest is not in the message: sign with -nodetach");
	if (!get(encap, TAG_CONTEXT_0, &wrap) || encap->len ||
	    !get(&wrap, TAG_OCTETS, content) || wrap.len)
		return bad(err, "the signed content is not one DER octet string");
	return 0;
}

static int get_tail(struct der in, struct parts *parts, struct vtpm_text_error *err)
{
	struct der d;

	parts->tail = in;
	get(&in, TAG_CONTEXT_0, &d);	/* certificates and revocation lists may be absent */
	get(&in, TAG_CONTEXT_1, &d);
	if (!get(&in, TAG_SET, &parts->signers) || in.len)
		return bad(err, "the signers are not where PKCS#7 has them");
	if (contains(&parts->signers, smime_caps, sizeof(smime_caps)))
		return bad(err, "the kernel refuses S/MIME capabilities: sign with -nosmimecap");
	return 0;
}

/* SignerInfo: its version, then issuer and serial number, or [0] the key's identifier. */
static void find_signer(struct der signers, struct vtpm_p7 *p7)
{
	struct der info, d, name;
	const u8 *start;

	p7->signer = NULL;
	p7->signer_len = 0;
	if (!get(&signers, TAG_SEQUENCE, &info) || !get(&info, TAG_INTEGER, &d))
		return;
	if (get(&info, TAG_KEY_ID, &d)) {
		p7->signer = d.p;
		p7->signer_len = d.len;
	} else if (get(&info, TAG_SEQUENCE, &d)) {
		start = d.p;
		if (!get(&d, TAG_SEQUENCE, &name))
			return;
		p7->signer = start;
		p7->signer_len = d.p - start;
	}
}

bool vtpm_p7_is_of(const struct vtpm_p7 *p7, const u8 *cert, size_t len)
{
	struct der d = { cert, len };

	return p7->signer_len && contains(&d, p7->signer, p7->signer_len);
}

static int take_apart(const u8 *msg, size_t len, struct parts *parts, struct vtpm_text_error *err)
{
	struct der in = { msg, len }, info, wrap, data, encap, d;
	int rc;

	if (!get(&in, TAG_SEQUENCE, &info) || in.len ||
	    !get_oid(&info, oid_signed_data, sizeof(oid_signed_data)) ||
	    !get(&info, TAG_CONTEXT_0, &wrap) || info.len ||
	    !get(&wrap, TAG_SEQUENCE, &data) || wrap.len)
		return bad(err, "not a DER PKCS#7 SignedData message");
	parts->head.p = data.p;
	if (!get(&data, TAG_INTEGER, &d) || !get(&data, TAG_SET, &d))
		return bad(err, "no version or digest algorithms in the message");
	parts->head.len = data.p - parts->head.p;
	if (!get(&data, TAG_SEQUENCE, &encap))
		return bad(err, "no content in the message");
	rc = get_content(&encap, &parts->content, err);
	return rc ? rc : get_tail(data, parts, err);
}

static size_t header_size(size_t len)
{
	return len < 0x80 ? 2 : len < 0x100 ? 3 : len < 0x10000 ? 4 : 5;
}

static u8 *put_header(u8 *to, u8 tag, size_t len)
{
	unsigned int n = header_size(len) - 2;

	*to++ = tag;
	if (n)
		*to++ = 0x80 | n;
	else
		n = 1;
	while (n--)
		*to++ = len >> (8 * n);
	return to;
}

static u8 *put(u8 *to, const void *from, size_t len)
{
	memcpy(to, from, len);
	return to + len;
}

/* The message again, with an encapContentInfo that has a type and no content. */
static int build_detached(const struct parts *parts, struct vtpm_p7 *p7)
{
	size_t encap = 2 + sizeof(oid_data);
	size_t data = parts->head.len + 2 + encap + parts->tail.len;
	size_t wrap = header_size(data) + data;
	size_t info = 2 + sizeof(oid_signed_data) + header_size(wrap) + wrap;
	u8 *to;

	p7->sig_len = header_size(info) + info;
	p7->sig = vt_alloc(NULL, p7->sig_len);
	if (!p7->sig)
		return -ENOMEM;
	to = put_header(p7->sig, TAG_SEQUENCE, info);
	to = put_header(to, TAG_OID, sizeof(oid_signed_data));
	to = put(to, oid_signed_data, sizeof(oid_signed_data));
	to = put_header(to, TAG_CONTEXT_0, wrap);
	to = put_header(to, TAG_SEQUENCE, data);
	to = put(to, parts->head.p, parts->head.len);
	to = put_header(to, TAG_SEQUENCE, encap);
	to = put_header(to, TAG_OID, sizeof(oid_data));
	to = put(to, oid_data, sizeof(oid_data));
	to = put(to, parts->tail.p, parts->tail.len);
	WARN_ON(to != p7->sig + p7->sig_len);
	return 0;
}

int vtpm_p7_split(const u8 *msg, size_t len, struct vtpm_p7 *p7, struct vtpm_text_error *err)
{
	struct parts parts;
	int rc;

	rc = take_apart(msg, len, &parts, err);
	if (rc)
		return rc;
	if (parts.head.len + parts.tail.len > MAX_SIG - 64) {
		bad(err, "certificates and signatures have more than %d bytes", MAX_SIG - 64);
		return -E2BIG;
	}
	p7->content = parts.content.p;
	p7->content_len = parts.content.len;
	find_signer(parts.signers, p7);
	return build_detached(&parts, p7);
}

void vtpm_p7_free(struct vtpm_p7 *p7)
{
	vt_free(NULL, p7->sig);
	p7->sig = NULL;
}
