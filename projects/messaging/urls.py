from django.urls import path

from projects.messaging import demo_mails, views
from projects.messaging.mailings import views as mailings

urlpatterns = [
    path("espace/messages/", views.message_list, name="messages"),
    path("espace/messages/<int:pk>/", views.message, name="message"),
    path("instruction/courriers/", mailings.mailings, name="instruction_mailings"),
    path("instruction/courriers/ecrire/", mailings.write, name="instruction_mailing_write"),
    path("instruction/courriers/<int:pk>/", mailings.mailing, name="instruction_mailing"),
    path("demo/courriels/", demo_mails.mails, name="demo_mails"),
    path("demo/courriels/<int:pk>/", demo_mails.mail_as_html, name="demo_mail"),
    path("demo/courriels/envoyes/<int:pk>/", demo_mails.kept_as_html, name="demo_kept_mail"),
]
