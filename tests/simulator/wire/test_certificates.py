import pytest
from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from binance.simulator.wire.certificates import CERTIFICATES, HOSTS, Authority, Certificates


def names(certificate):
    found = certificate.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME)
    return {str(each.value) for each in found.value}


def test_an_authority_signs_for_its_hosts():
    authority = Authority("test")
    _, certificate = authority.issue(HOSTS)
    assert names(certificate) == set(HOSTS)
    certificate.verify_directly_issued_by(authority.certificate)
    assert certificate.not_valid_before_utc < certificate.not_valid_after_utc


def test_an_expired_certificate_has_been_valid():
    _, certificate = Authority("test").issue(HOSTS, expired=True)
    _, good = Authority("test").issue(HOSTS)
    assert certificate.not_valid_before_utc < certificate.not_valid_after_utc
    assert certificate.not_valid_after_utc < good.not_valid_after_utc


def test_only_the_authority_is_published_and_never_a_key():
    certificates = Certificates()
    assert b"PRIVATE KEY" not in certificates.ca_pem
    found = x509.load_pem_x509_certificate(certificates.ca_pem)
    assert found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_contexts_are_made_once():
    certificates = Certificates()
    contexts = [certificates.context(which) for which in CERTIFICATES]
    assert len(set(contexts)) == len(CERTIFICATES)
    assert certificates.context() is contexts[0]
    with pytest.raises(ValueError, match="certificate must be one of good, wrong_host"):
        certificates.context("forged")


def test_a_certificate_is_chosen_for_each_connection():
    chosen = iter(["good", "untrusted"])
    certificates = Certificates(lambda: next(chosen))
    shown = [certificates.serverConnectionForTLS(None).get_context() for _ in range(2)]
    assert shown == [certificates.context("good"), certificates.context("untrusted")]
