// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a partial certificate (Part 3, 18.8; RFC 5280, 4.1). It is DER and
 * nothing else: tags of one byte, definite lengths in their shortest form, each
 * constructed value filled to its last byte by what it contains. That is checked for all
 * of it before anything is looked at, so that a verifier cannot read anything
 * else into what the TPM signs.
 */
#include "x509.h"

#define DEPTH		16	/* of nested values; names and extensions need 6 */

#define TAG_BOOLEAN	0x01
#define TAG_BIT_STRING	0x03
#define TAG_OCTETS	0x04
#define TAG_OID		0x06
#define TAG_EXTENSIONS	0xa3
#define CONSTRUCTED	0x20

/**
 * struct element - one value
 * @tag: its tag
 * @whole: with tag and length
 * @value: without
 */
struct element {
	u8 tag;
	struct tpm2b whole;
	struct tpm2b value;
};

/* Lengths of 3 bytes and more do not fit into a command. */
static bool read_length(const u8 *p, u32 left, u32 *head, u32 *len)
{
	if (left < 2)
		return false;
	if (p[1] < 0x80) {
		*head = 2;
		*len = p[1];
	} else if (p[1] == 0x81 && left >= 3 && p[2] >= 0x80) {
		*head = 3;
		*len = p[2];
	} else if (p[1] == 0x82 && left >= 4 && p[2]) {
		*head = 4;
		*len = get_unaligned_be16(p + 2);
	} else {
		return false;
	}
	return *len <= left - *head;
}

/* No end-of-contents, no numbers above 30, no primitive SEQUENCE or SET. */
static bool good_tag(u8 tag)
{
	return tag && (tag & 0x1f) != 0x1f && tag != 0x10 && tag != 0x11;
}

/* Takes the next element off the front. */
static bool take(struct tpm2b *from, struct element *e)
{
	u32 head, len;

	if (!read_length(from->data, from->size, &head, &len) || !good_tag(from->data[0]))
		return false;
	e->tag = from->data[0];
	e->whole = tpm2b(from->data, head + len);
	e->value = tpm2b(from->data + head, len);
	from->data += head + len;
	from->size -= head + len;
	return true;
}

static bool take_tag(struct tpm2b *from, u8 tag, struct element *e)
{
	return take(from, e) && e->tag == tag;
}

/* All levels of @der, without recursion. */
static bool well_formed(struct tpm2b der)
{
	u32 end[DEPTH] = { der.size }, at = 0, head, len;
	unsigned int depth = 0;

	for (;;) {
		while (at == end[depth]) {
			if (!depth)
				return true;
			depth--;
		}
		if (!read_length(der.data + at, end[depth] - at, &head, &len) ||
		    !good_tag(der.data[at]))
			return false;
		if (der.data[at] & CONSTRUCTED) {
			if (++depth == DEPTH)
				return false;
			end[depth] = at + head + len;
			at += head;
		} else {
			at += head + len;
		}
	}
}

/* ---- extensions ---- */

/* Up to 32 bits of a BIT STRING that is all of @octets, the first one most significant. */
static bool read_bits(struct tpm2b octets, u32 *bits)
{
	struct element e;
	u16 i;
	u8 unused;

	if (!take_tag(&octets, TAG_BIT_STRING, &e) || octets.size || e.value.size < 1 ||
	    e.value.size > 5)
		return false;
	unused = e.value.data[0];
	if (unused > 7 || (unused && e.value.size == 1))
		return false;
	*bits = 0;
	for (i = 1; i < e.value.size; i++)
		*bits |= (u32)e.value.data[i] << (32 - 8 * i);
	if (unused && e.value.data[e.value.size - 1] & (BIT(unused) - 1))
		return false;
	return true;
}

static bool same(struct tpm2b a, const u8 *b, u16 size)
{
	return a.size == size && !memcmp(a.data, b, size);
}

struct found {
	bool key_usage;
	bool attributes;
};

/* Neither of the two that matter may be there twice (RFC 5280, 4.2). */
static bool look_at(struct tpm2b oid, struct tpm2b value, struct found *f, struct x509_partial *out)
{
	static const u8 key_usage[] = { 0x55, 0x1d, 0x0f };	/* 2.5.29.15 */
	static const u8 attributes[] = {			/* 2.23.133.10.1.1.1 */
		0x67, 0x81, 0x05, 0x0a, 0x01, 0x01, 0x01,
	};

	if (same(oid, key_usage, sizeof(key_usage))) {
		if (f->key_usage || !read_bits(value, &out->key_usage))
			return false;
		f->key_usage = true;
	} else if (same(oid, attributes, sizeof(attributes))) {
		if (f->attributes || !read_bits(value, &out->attributes))
			return false;
		f->attributes = true;
	}
	return true;
}

/* Numbers of seven bits a byte, the last of each below 0x80, none with a leading zero. */
static bool good_oid(struct tpm2b oid)
{
	bool first = true;
	u16 i;

	for (i = 0; i < oid.size; i++) {
		if (first && oid.data[i] == 0x80)
			return false;
		first = oid.data[i] < 0x80;
	}
	return oid.size && first;
}

/* Extension ::= SEQUENCE { OID, BOOLEAN TRUE (where it is critical), OCTET STRING } */
static bool read_extension(struct tpm2b ext, struct found *f, struct x509_partial *out)
{
	struct element oid, e;

	if (!take_tag(&ext, TAG_OID, &oid) || !good_oid(oid.value) || !take(&ext, &e))
		return false;
	if (e.tag == TAG_BOOLEAN) {
		if (e.value.size != 1 || e.value.data[0] != 0xff || !take(&ext, &e))
			return false;
	}
	return e.tag == TAG_OCTETS && !ext.size && look_at(oid.value, e.value, f, out);
}

static bool read_extensions(struct tpm2b list, struct x509_partial *out)
{
	struct found f = { false };
	struct element e;

	if (!take_tag(&list, X509_SEQUENCE, &e) || list.size)
		return false;
	list = e.value;
	while (list.size)
		if (!take_tag(&list, X509_SEQUENCE, &e) || !read_extension(e.value, &f, out))
			return false;
	out->has_attributes = f.attributes;
	return f.key_usage;
}

/* ---- the whole ---- */

/* Three SEQUENCEs or, with the algorithm, four; then the extensions, and nothing after them. */
static bool read_elements(struct tpm2b rest, struct x509_partial *out)
{
	struct element e, first[4];
	unsigned int n = 0;

	while (take(&rest, &e) && e.tag == X509_SEQUENCE) {
		if (n == ARRAY_SIZE(first))
			return false;
		first[n++] = e;
	}
	if (n < 3 || rest.size || e.tag != TAG_EXTENSIONS)
		return false;
	if (n == 4)
		out->algorithm = first[0].whole;
	out->middle.data = first[n - 3].whole.data;
	out->middle.size = e.whole.data - out->middle.data;
	out->extensions = e.whole;
	return read_extensions(e.value, out);
}

tpm_rc tpm2_x509_split(struct tpm2b der, struct x509_partial *out)
{
	struct tpm2b rest = der;
	struct element all;

	memset(out, 0, sizeof(*out));
	if (!take_tag(&rest, X509_SEQUENCE, &all) || rest.size)
		return TPM_RC_SIZE;
	if (!well_formed(der) || !read_elements(all.value, out))
		return TPM_RC_VALUE;
	return TPM_RC_SUCCESS;
}
