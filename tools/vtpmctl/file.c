// SPDX-License-Identifier: GPL-2.0-only
/* Input files: read whole or refused, and brought into the form that the kernel reads. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/cms.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "vtpmctl.h"

#define CERT_FILE_MAX	(1024 * 1024)	/* PEM files carry text around the certificate */
#define FIRST_ROOM	(64 * 1024)
#define PEM_FACTOR	2		/* base64 and line ends stay below this */

const char *ctl_file_name(const char *path)
{
	return strcmp(path, "-") ? path : "<stdin>";
}

static int open_input(const char *path)
{
	struct stat st;
	int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : dup(STDIN_FILENO);

	if (fd < 0) {
		ctl_fail(CTL_GENERAL, ctl_file_name(path), "%s", strerror(errno));
		return -1;
	}
	if (!fstat(fd, &st) && S_ISDIR(st.st_mode)) {
		ctl_fail(CTL_GENERAL, path, "is a directory");
		close(fd);
		return -1;
	}
	return fd;
}

/* Reads until the end or until @max + 1 bytes, with a zero behind them; -1 with errno set. */
static ssize_t read_all(int fd, char **data, size_t max)
{
	size_t len = 0, room = 0;
	ssize_t n;

	*data = NULL;
	while (len <= max) {
		if (room < len + 2) {
			room = 2 * len + FIRST_ROOM;
			*data = ctl_resize(*data, room);
		}
		n = read(fd, *data + len, room - 1 - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (!n)
			break;
		len += n;
	}
	(*data)[len] = 0;
	return len;
}

/* The whole file, at most @max bytes, with a zero behind it. The caller frees *@data. */
int ctl_read_file(const char *path, size_t max, char **data, size_t *len)
{
	int fd = open_input(path);
	ssize_t n;
	int code;

	if (fd < 0)
		return CTL_GENERAL;
	n = read_all(fd, data, max);
	if (n < 0)
		code = ctl_fail(CTL_GENERAL, ctl_file_name(path), "%s", strerror(errno));
	else if ((size_t)n > max)
		code = ctl_fail(CTL_GENERAL, ctl_file_name(path),
				"longer than the limit of %zu bytes", max);
	else
		code = CTL_OK;
	close(fd);
	*len = code ? 0 : n;
	if (code) {
		free(*data);
		*data = NULL;
	}
	return code;
}

/* DER of both kinds begins with a SEQUENCE. */
static bool is_pem(const char *data)
{
	return data[0] != 0x30 && strstr(data, "-----BEGIN ");
}

/*
 * The one PEM block of the file, whose label has to contain one of @labels.
 * A file with a private key in it is not to be handed around as a certificate.
 */
static int one_block(const char *path, const char *data, size_t len, const char *const *labels,
		     unsigned char **der, size_t *der_len)
{
	BIO *bio = BIO_new_mem_buf(data, len);
	char *label, *header;
	unsigned char *block;
	int code = CTL_OK;
	long size;

	*der = NULL;
	while (!code && PEM_read_bio(bio, &label, &header, &block, &size)) {
		if (strcmp(label, labels[0]) && strcmp(label, labels[1])) {
			code = ctl_fail(CTL_GENERAL, ctl_file_name(path),
					"holds a %s, where only a %s is wanted", label, labels[0]);
		} else if (*der) {
			code = ctl_fail(CTL_GENERAL, ctl_file_name(path),
					"holds more than one %s", labels[0]);
		} else {
			*der = ctl_alloc(size, 1);
			memcpy(*der, block, size);
			*der_len = size;
		}
		OPENSSL_free(label);
		OPENSSL_free(header);
		OPENSSL_clear_free(block, size);
	}
	BIO_free(bio);
	if (!code && !*der)
		code = ctl_fail(CTL_GENERAL, ctl_file_name(path), "holds no whole %s", labels[0]);
	if (code)
		free(*der);
	return code;
}

/* An X.509 certificate, DER or PEM. The caller frees *@der. */
int ctl_read_certificate(const char *path, unsigned char **der, size_t *len)
{
	static const char *const labels[] = { "CERTIFICATE", "X509 CERTIFICATE" };
	const unsigned char *p;
	char *data;
	X509 *cert;
	int code;

	code = ctl_read_file(path, CERT_FILE_MAX, &data, len);
	if (code)
		return code;
	if (is_pem(data)) {
		code = one_block(path, data, *len, labels, der, len);
		free(data);
		if (code)
			return code;
	} else {
		*der = (unsigned char *)data;
	}
	p = *der;
	cert = d2i_X509(NULL, &p, *len);
	if (!cert || p != *der + *len)
		code = ctl_fail(CTL_GENERAL, ctl_file_name(path),
				"not an X.509 certificate in DER or PEM");
	X509_free(cert);
	if (code)
		free(*der);
	return code;
}

static int check_message(const char *path, const unsigned char *der, size_t len)
{
	const char *name = ctl_file_name(path);

	if (!len)
		return ctl_fail(CTL_GENERAL, name, "is empty");
	if (der[0] == 0x30)
		return CTL_OK;
	if (memmem(der, len < 256 ? len : 256, "MIME-Version", 12))
		return ctl_fail(CTL_GENERAL, name,
				"is an S/MIME mail; sign with 'openssl cms ... -outform DER'");
	return ctl_fail(CTL_GENERAL, name, "not a PKCS#7 message; sign the manifest first");
}

/* A PKCS#7 message of at most @max bytes, DER or PEM. The caller frees *@der. */
int ctl_read_message(const char *path, size_t max, unsigned char **der, size_t *len)
{
	static const char *const labels[] = { "CMS", "PKCS7" };
	char *data;
	int code;

	code = ctl_read_file(path, max * PEM_FACTOR, &data, len);
	if (code)
		return code;
	if (is_pem(data)) {
		code = one_block(path, data, *len, labels, der, len);
		free(data);
		if (code)
			return code;
	} else {
		*der = (unsigned char *)data;
	}
	code = check_message(path, *der, *len);
	if (!code && *len > max)
		code = ctl_fail(CTL_GENERAL, ctl_file_name(path),
				"longer than the limit of %zu bytes", max);
	if (code)
		free(*der);
	return code;
}

static char *copy_octets(ASN1_OCTET_STRING *octets, size_t *len)
{
	char *text;

	*len = ASN1_STRING_length(octets);
	text = ctl_alloc(*len + 1, 1);
	memcpy(text, ASN1_STRING_get0_data(octets), *len);
	return text;
}

/* The text in a message, to show a line of it; NULL when there is none. */
char *ctl_message_text(const unsigned char *der, size_t der_len, size_t *len)
{
	BIO *bio = BIO_new_mem_buf(der, der_len);
	CMS_ContentInfo *cms = d2i_CMS_bio(bio, NULL);
	char *text = NULL;

	BIO_free(bio);
	if (cms && CMS_get0_content(cms) && *CMS_get0_content(cms))
		text = copy_octets(*CMS_get0_content(cms), len);
	CMS_ContentInfo_free(cms);
	return text;
}
