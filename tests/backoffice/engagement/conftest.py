from tests.backoffice.databases import backend as backend
