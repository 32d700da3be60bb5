"""What gunicorn serves."""

from mspaudit.app import create_app

application = create_app()
