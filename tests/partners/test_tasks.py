import subprocess
import sys

from django.conf import settings


def test_the_web_process_rings_at_our_broker():
    code = "import ekip.wsgi; from partners.tasks import deliver; print(deliver.name, deliver.app.conf.broker_url)"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["partners.deliver", settings.CELERY_BROKER_URL]
